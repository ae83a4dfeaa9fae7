// Starts Chromium, and opens pages that record errors.
import puppeteer from 'puppeteer-core';

/** Starts a headless browser. Chromium's sandbox does not start as root, as in most containers. */
export const launch = () =>
  puppeteer.launch({ executablePath: process.env.CHROME, args: ['--no-sandbox', '--disable-dev-shm-usage'] });

/**
 * Opens a new page. `requests` has the URL of each request; `problems` has every console error and warning, uncaught
 * exception, unhandled rejection, and request to another host.
 */
export async function openPage(browser, { url, init } = {}) {
  // A context of its own, so that no other test's cache is used.
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const problems = [];
  const requests = [];
  page.on('console', (message) => {
    if (['error', 'warn', 'assert'].includes(message.type())) problems.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => problems.push(`uncaught: ${error?.message ?? error}`));
  page.on('request', (request) => {
    requests.push(request.url());
    if (!isLocal(request.url())) problems.push(`request: ${request.url()}`);
  });
  if (init) await init(page);
  if (url) await page.goto(url);
  return { page, problems, requests, close: () => context.close() };
}

const isLocal = (url) => {
  const { protocol, hostname } = new URL(url);
  return protocol === 'data:' || protocol === 'blob:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
};
