// Chromium for the tests, and pages that remember everything that should not happen in them.
import puppeteer from 'puppeteer-core';

/** A browser without a window. Chromium's sandbox does not start as root, as in most containers. */
export const launch = () =>
  puppeteer.launch({ executablePath: process.env.CHROME, args: ['--no-sandbox', '--disable-dev-shm-usage'] });

/**
 * A fresh page: `requests` holds the URL of each request, `problems` every console error or warning, uncaught exception
 * and unhandled rejection, and each request that leaves this machine.
 */
export async function openPage(browser, { url, init } = {}) {
  // A context of its own: nothing comes from another test's cache.
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
