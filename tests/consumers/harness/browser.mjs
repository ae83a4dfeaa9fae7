// Pages in Chromium.
import { chromium } from 'playwright-core';

/** Starts a browser without a window. Chromium's sandbox does not start as root, as in most containers. */
export const launch = (executablePath) =>
  chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });

/**
 * Opens a page and waits until its journey has ended. Returns the report, and the body of each script and module that the
 * page loaded. The page puts the report in `globalThis.journeyReport`.
 */
export async function visit(browser, url, { timeout = 60_000 } = {}) {
  const context = await browser.newContext();
  const bodies = [];
  const problems = [];
  try {
    const page = await context.newPage();
    page.on('pageerror', (error) => problems.push(`uncaught: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(`console: ${message.text()}`);
    });
    page.on('response', (response) => {
      const isCode = /\.wasm|javascript/.test(`${response.url()} ${response.headers()['content-type']}`);
      if (isCode && response.status() === 200) bodies.push(response.body().catch(() => Buffer.alloc(0)));
    });
    // A development server may load the page again when it has prepared its dependencies.
    await page.goto(url, { timeout, waitUntil: 'commit' });
    const end = Date.now() + timeout;
    while (Date.now() < end) {
      const report = await page.evaluate(() => globalThis.journeyReport).catch(() => undefined);
      if (report) return { report, bodies: await Promise.all(bodies) };
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(
      `the page ${new URL(url).pathname} has no report after ${timeout / 1000} s\n${problems.join('\n')}`,
    );
  } finally {
    await context.close();
  }
}
