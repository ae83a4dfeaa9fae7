/** Returns the location of a file of this package. The build puts each bundled module directly into the folder `src`. */
export const packageFile = (path: string): URL => new URL(`../${path}`, import.meta.url);
