// A consumer project: a folder outside the repository in which the packed tarball and the tools of an environment are
// installed.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { visit } from './browser.mjs';
import { execute, freePort, lastLines, serve } from './process.mjs';
import { serveFolder, startServices } from './services.mjs';
import { countWasm, filesOf } from './wasm.mjs';

const consumers = dirname(import.meta.dirname);
const INSTALL = ['install', '--no-audit', '--no-fund', '--prefer-offline', '--no-package-lock', '--loglevel=error'];

/** The checks of a journey over the emulator and a server, and of one over a server alone. */
export const FULL = 23;
export const CLIENT = 13;

/** A reason for which a row cannot run on this machine. */
export class NotRun extends Error {}

/** A row that failed: its journey, its build, or its number of WebAssembly modules. */
export class Failed extends Error {}

export class Project {
  /**
   * `group` is an entry of a file in rows/; `tarball` is the packed package; `node` the program that runs the environment's
   * tools; `browser` a promise of a browser, or undefined; `marks` are those of the package's WebAssembly.
   */
  constructor(group, { folder, tarball, node, browser, marks }) {
    Object.assign(this, { group, folder, tarball, node, browser, marks });
    this.env = { ...process.env, PATH: [dirname(node), process.env.PATH].join(delimiter), NODE_OPTIONS: '' };
    for (const name of Object.keys(this.env)) if (/^npm_|^NODE_TEST/.test(name)) delete this.env[name];
    Object.assign(this.env, { CI: '1', NO_COLOR: '1', NEXT_TELEMETRY_DISABLED: '1', ASTRO_TELEMETRY_DISABLED: '1' });
    // Wrangler would ask Cloudflare about this machine.
    this.env.CLOUDFLARE_CF_FETCH_ENABLED = 'false';
    Object.assign(this.env, {
      NUXT_TELEMETRY_DISABLED: '1',
      WRANGLER_SEND_METRICS: 'false',
      NG_CLI_ANALYTICS: 'false',
    });
  }

  /** Starts the servers that the journey calls, writes the project's files and installs its dependencies. */
  async prepare() {
    const { files, dependencies = {}, manifest, install } = this.group;
    mkdirSync(this.folder, { recursive: true });
    this.services = await startServices();
    for (const name of [files].flat()) cpSync(join(consumers, 'projects', name), this.folder, { recursive: true });
    const { url, hangingUrl } = this.services;
    for (const place of this.group.journey ?? ['.']) {
      mkdirSync(this.path(place), { recursive: true });
      cpSync(join(consumers, 'journey.mjs'), this.path(place, 'journey.mjs'));
      this.write(join(place, 'server.mjs'), `export default ${JSON.stringify({ url, hangingUrl })};\n`);
    }
    cpSync(this.tarball, this.path('wix-oauth-apps.tgz'));
    const all = { 'wix-oauth-apps': 'file:./wix-oauth-apps.tgz', ...dependencies };
    const project = { name: 'consumer', version: '1.0.0', private: true, type: 'module', ...manifest };
    this.write('package.json', `${JSON.stringify({ ...project, dependencies: all }, null, 2)}\n`);
    try {
      if (install) await install(this);
      else await this.run('npm', INSTALL, { timeout: 400_000 });
    } catch (error) {
      throw new NotRun(`its dependencies cannot be installed: ${lastLines(error.message, 3)}`);
    }
  }

  async remove() {
    await this.services?.stop();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }

  path(...names) {
    return join(this.folder, ...names);
  }

  write(name, text) {
    mkdirSync(dirname(this.path(name)), { recursive: true });
    writeFileSync(this.path(name), text);
  }

  read(name) {
    return readFileSync(this.path(name), 'utf8');
  }

  /** Returns the arguments for `run` that start a program of an installed package. */
  tool(packageName, name = packageName.split('/').at(-1)) {
    const { bin } = JSON.parse(this.read(join('node_modules', packageName, 'package.json')));
    return this.path('node_modules', packageName, typeof bin === 'string' ? bin : bin[name]);
  }

  /** Runs a program in the project, and returns what it prints. */
  run(program, args, { env, timeout = 240_000, cwd = this.folder, ...options } = {}) {
    return execute(program, args, { cwd, timeout, env: { ...this.env, ...env }, ...options });
  }

  /** Runs a script with the Node of the project. */
  runNode(args, options) {
    return this.run(this.node, args, options);
  }

  /** Runs a tool of an installed package with the Node of the project. */
  runTool(packageName, args, { bin, ...options } = {}) {
    return this.runNode([this.tool(packageName, bin), ...args], options);
  }

  /** Starts a tool that serves on a free port, which `args` gets, and calls `use` with its URL. */
  async serveTool(packageName, args, use, { bin, ...options } = {}) {
    return this.serveNode((port) => [this.tool(packageName, bin), ...args(port)], use, options);
  }

  async serveNode(args, use, { env, timeout = 120_000, cwd = this.folder } = {}) {
    const port = await freePort();
    const all = { ...this.env, PORT: String(port), HOST: '127.0.0.1', ...env };
    return serve(this.node, args(port), { cwd, timeout, port, env: all }, use);
  }

  /** Serves a folder of built files while `use` runs, which gets its URL. */
  async serveFiles(folder, use, headers) {
    const { url, stop } = await serveFolder(this.path(folder), headers);
    try {
      return await use(url);
    } finally {
      await stop();
    }
  }

  /**
   * Checks the journey in what a program printed or a server responded: one line of JSON, perhaps inside a page.
   */
  checkReport(text, least = FULL) {
    const plain = text.replaceAll('&quot;', '"').replaceAll('&#34;', '"').replaceAll('\\"', '"');
    const found = /\{"checks":(\d+),"failures":\[(.*?)\]\}/s.exec(plain);
    if (!found) throw new Failed(`there is no report of the journey in:\n${lastLines(text)}`);
    if (found[2] !== '') throw new Failed(`the journey failed: ${found[2]}`);
    if (Number(found[1]) < least) throw new Failed(`the journey made ${found[1]} checks, not ${least} or more`);
  }

  /** Gets a URL of a server, whose response must be the report of a journey. */
  async checkResponse(url, least) {
    const response = await fetch(url, { signal: AbortSignal.timeout(120_000) });
    this.checkReport(await response.text(), least);
  }

  /**
   * Opens a page in Chromium, checks its journey and the WebAssembly modules that it loads: one of the client, and one of the
   * emulator if the page imports it.
   */
  async checkPage(url, { emulator = true } = {}) {
    const browser = await this.browser;
    if (!browser) throw new NotRun('there is no Chromium');
    const { report, bodies } = await visit(browser, url);
    this.checkReport(report, emulator ? FULL : CLIENT);
    this.expectWasm(
      countWasm(this.marks, bodies),
      { core: 1, emulator: emulator ? 1 : 0 },
      `${new URL(url).pathname} loads`,
    );
  }

  /** Opens a page in Chromium and returns its failed checks. */
  async failuresOfPage(url) {
    const browser = await this.browser;
    if (!browser) throw new NotRun('there is no Chromium');
    return JSON.parse((await visit(browser, url)).report).failures.join('\n');
  }

  /** Checks how many copies of the WebAssembly modules a folder of built files contains. */
  checkBuilt(folder, expected) {
    if (!existsSync(this.path(folder))) throw new Failed(`the build has written no ${folder}`);
    this.expectWasm(countWasm(this.marks, filesOf(this.path(folder))), expected, `${folder} contains`);
  }

  expectWasm(found, { core = 1, emulator = 0 }, where) {
    if (found.core === core && found.emulator === emulator) return;
    throw new Failed(
      `${where} ${found.core} copies of the client's WebAssembly and ${found.emulator} of the emulator's, ` +
        `not ${core} and ${emulator}`,
    );
  }
}
