/** Returns the rows of a group whose project has the program as an ES module and as CommonJS. `run` runs one of them. */
export const formats = (run) =>
  [
    ['import', 'ES module', 'main.mjs'],
    ['require', 'CommonJS', 'main.cjs'],
  ].map(([name, title, file]) => ({ name, title, run: (project) => run(project, file) }));
