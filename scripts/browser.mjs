// Finds a Chromium and the driver of the same version for the tests, and installs them where there are none.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { root, target, tools } from './paths.mjs';
import { Stop, main, output, run, timed } from './run.mjs';

// The last line of it that runs on Node 20.
const DOWNLOADER = '@puppeteer/browsers@2.13.2';

const CHROMES = [
  ...['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

const downloads = join(tools, 'browsers');
const note = join(downloads, 'installed.json');

/** The paths of a browser and its driver: `{ chrome, chromedriver }`. */
export async function ensureBrowser() {
  const { CHROME, CHROMEDRIVER } = process.env;
  if (CHROME || CHROMEDRIVER) {
    const given = pair([CHROME ?? ''], [CHROMEDRIVER ?? '']);
    if (given) return given;
    throw new Stop('CHROME and CHROMEDRIVER must both be set, to programs of the same major version');
  }
  return findInstalled() ?? findDownloaded() ?? (await installWithApt()) ?? (await download());
}

const findInstalled = () => pair(CHROMES, ['chromedriver']);

// Headless Chromium and its driver only speak to each other within one major version.
function pair(chromes, drivers) {
  const driver = drivers.map(program).find(Boolean);
  const chrome = driver && chromes.map(program).find((found) => found?.major === driver.major);
  return chrome && { chrome: chrome.path, chromedriver: driver.path };
}

function program(name) {
  const path = name.includes('/') || name.includes('\\') ? name : which(name);
  const major = path && existsSync(path) && /\b(\d+)\.\d+\.\d+/.exec(output(path, ['--version']) ?? '')?.[1];
  return major ? { path, major } : undefined;
}

function which(name) {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  return folders.map((folder) => join(folder, name + suffix)).find((path) => existsSync(path));
}

async function installWithApt() {
  if (!which('apt-get')) return undefined;
  const asRoot = process.getuid() === 0 ? [] : ['sudo', '-n'];
  if (asRoot.length && !output('sudo', ['-n', 'true'])) return undefined;
  const apt = (...args) => {
    const [file, ...rest] = [...asRoot, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...args];
    return run(file, rest);
  };
  try {
    await timed('installing Chromium and its driver with apt-get, for the tests that run in a browser', async () => {
      // A package list that cannot be had need not be the one that names Chromium.
      await apt('update', '-q').catch((error) => console.log(`- ${error.message}`));
      await apt('install', '-y', '-q', '--no-install-recommends', 'chromium', 'chromium-driver');
    });
  } catch (error) {
    console.log(`- ${error.message}; trying a download instead`);
  }
  return findInstalled();
}

function findDownloaded() {
  if (!existsSync(note)) return undefined;
  const { chrome, chromedriver } = JSON.parse(readFileSync(note, 'utf8'));
  return pair([chrome], [chromedriver]);
}

async function download() {
  try {
    return await timed(`downloading Chrome and its driver into .tools/browsers with ${DOWNLOADER}`, () => {
      mkdirSync(downloads, { recursive: true });
      const chrome = downloadOne('chrome@stable');
      const chromedriver = downloadOne(`chromedriver@${chrome.version}`);
      writeFileSync(note, JSON.stringify({ chrome: chrome.path, chromedriver: chromedriver.path }, null, 2));
      const found = findDownloaded();
      if (!found) throw new Stop('what was downloaded does not run here');
      return found;
    });
  } catch (error) {
    throw new Stop(
      `no browser for the tests: ${error.message}.\n` +
        'Install Chromium or Chrome and the chromedriver of the same version so that both are on the PATH ' +
        '(Debian, Ubuntu: apt-get install chromium chromium-driver), or set CHROME and CHROMEDRIVER to their paths.',
    );
  }
}

function downloadOne(what) {
  const line = output('npx', ['--yes', DOWNLOADER, 'install', what, '--path', downloads]);
  const found = /^\w+@(\S+) (.+)$/m.exec(line ?? '');
  if (!found) throw new Stop(`${what} could not be downloaded`);
  return { version: found[1], path: found[2].trim() };
}

/** Where wasm-bindgen's test runner finds how to start the browser: webdriver.json, and which browser it is. */
export function writeWebdriverConfig(chrome) {
  const config = JSON.parse(readFileSync(join(root, 'webdriver.json'), 'utf8'));
  config['goog:chromeOptions'].binary = chrome;
  mkdirSync(target, { recursive: true });
  const path = join(target, 'webdriver.json');
  writeFileSync(path, JSON.stringify(config, null, 2));
  return path;
}

await main(import.meta, async () => console.log(await ensureBrowser()));
