// Finds Chromium and its driver for the tests, and installs them if there are none.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Stop, output, read, root, run, tools } from './run.mjs';

const CHROMES = [
  ...['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];
// The last version that runs on Node 20.
const DOWNLOADER = '@puppeteer/browsers@2.13.2';
const DOWNLOADED = join(tools, 'browser.json');

/** Returns the paths of a browser and of its driver, `{ chrome, chromedriver }`. */
export function ensureBrowser() {
  const { CHROME, CHROMEDRIVER } = process.env;
  if (CHROME || CHROMEDRIVER) {
    const given = matching([CHROME], CHROMEDRIVER);
    if (given) return given;
    throw new Stop('CHROME and CHROMEDRIVER must both be set, to programs of the same major version');
  }
  return findInstalled() ?? findDownloaded() ?? installWithApt() ?? download();
}

const findInstalled = () => matching(CHROMES, 'chromedriver');

/** Returns the first browser that has the driver's major version: only those two speak to each other. */
function matching(chromes, driver) {
  const chromedriver = locate(driver);
  const chrome = chromedriver && chromes.map(locate).find((found) => found?.major === chromedriver.major);
  return chrome && { chrome: chrome.path, chromedriver: chromedriver.path };
}

function locate(name = '') {
  const path = name.includes('/')
    ? name
    : process.env.PATH.split(delimiter)
        .map((folder) => join(folder, name))
        .find(existsSync);
  const major = path && /\b(\d+)\.\d+\.\d+/.exec(output(path, ['--version']))?.[1];
  return major && { path, major };
}

function installWithApt() {
  if (!output('apt-get', ['--version'])) return undefined;
  const apt = `${process.getuid() === 0 ? '' : 'sudo -n '}env DEBIAN_FRONTEND=noninteractive apt-get -q`;
  console.log('- installing Chromium and its driver with apt-get, for the tests that run in a browser');
  try {
    // A package list that cannot be fetched need not be the one that names Chromium.
    run('sh', ['-c', `${apt} update; ${apt} install -y --no-install-recommends chromium chromium-driver`]);
  } catch (error) {
    console.log(`- ${error.message}; downloading Chrome instead`);
  }
  return findInstalled();
}

function findDownloaded() {
  if (!existsSync(DOWNLOADED)) return undefined;
  const { chrome, chromedriver } = JSON.parse(readFileSync(DOWNLOADED, 'utf8'));
  return matching([chrome], chromedriver);
}

function download() {
  console.log('- downloading Chrome and its driver into .tools');
  const install = (program) => {
    const args = ['exec', '--yes', '--', DOWNLOADER, 'install', program, '--path', tools];
    const [, version, path] = /^\w+@(\S+) (.+)$/m.exec(output('npm', args)) ?? [];
    return { version, path };
  };
  const chrome = install('chrome@stable');
  const driver = chrome.version && install(`chromedriver@${chrome.version}`);
  if (driver?.path) writeFileSync(DOWNLOADED, JSON.stringify({ chrome: chrome.path, chromedriver: driver.path }));
  const found = findDownloaded();
  if (found) return found;
  throw new Stop(
    'no browser for the tests. Install Chromium or Chrome and the chromedriver of the same version so that both are on ' +
      'the PATH (Debian, Ubuntu: apt-get install chromium chromium-driver), or set CHROME and CHROMEDRIVER to their paths.',
  );
}

/** Writes the options with which wasm-bindgen's test runner starts a browser, and returns the path of the file. */
export function webdriverConfig(chrome) {
  const config = JSON.parse(read('webdriver.json'));
  config['goog:chromeOptions'].binary = chrome;
  const path = join(root, 'target', 'webdriver.json');
  mkdirSync(join(root, 'target'), { recursive: true });
  writeFileSync(path, JSON.stringify(config));
  return path;
}
