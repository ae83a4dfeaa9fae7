// Chromium for the tests, and pages that remember everything that must not happen in them.
import assert from 'node:assert/strict';
import axe from 'axe-core';
import { chromium } from 'playwright-core';

/** A browser without a window. Chromium's sandbox does not start as root, as in most containers. */
export const launch = () =>
  chromium.launch({
    executablePath: process.env.CHROME ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });

/**
 * Opens the page in a context of its own. `problems` holds every console error or warning, every uncaught error, and
 * every request that goes elsewhere than to the page's own origin and to `servers`.
 */
export async function openPage(browser, url, { servers = [], init, clipboard = true, ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  context.setDefaultTimeout(15_000);
  if (clipboard) await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const page = await context.newPage();
  const problems = [];
  const requests = [];
  const allowed = [url, ...servers].map((address) => new URL(address).origin);
  page.on('console', (message) => {
    if (['error', 'warning', 'assert'].includes(message.type())) {
      problems.push(`console: ${message.text()} (${message.location().url})`);
    }
  });
  page.on('pageerror', (error) => problems.push(`uncaught: ${error.message}`));
  page.on('request', (request) => {
    requests.push(request.url());
    const { protocol, origin } = new URL(request.url());
    if (protocol !== 'blob:' && !allowed.includes(origin)) problems.push(`request: ${request.url()}`);
  });
  if (init) await init(page);
  await page.goto(url);
  return { page, context, problems, requests, close: () => context.close() };
}

/** Opens the page, uses it, and checks that nothing happened that must not; `known` are patterns of expected problems. */
export async function withPage(browser, url, use, { known = [], ...options } = {}) {
  const opened = await openPage(browser, url, options);
  try {
    await use(opened.page, opened);
    assert.deepEqual(
      opened.problems.filter((problem) => !known.some((pattern) => pattern.test(problem))),
      [],
    );
  } finally {
    await opened.close();
  }
}

/** The rules of axe that the page keeps. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Checks the page with axe, and that nothing is wider than the screen. */
export async function checkAccessibility(page, state) {
  // Colours must be those at rest.
  await page.evaluate(() => Promise.all(document.getAnimations().map(({ finished }) => finished.catch(() => {}))));
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe.source);
  const found = await page.evaluate(async (runOnly) => {
    const { violations } = await globalThis.axe.run({ runOnly, resultTypes: ['violations'] });
    return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id} ${node.target}: ${node.failureSummary}`));
  }, TAGS);
  assert.deepEqual(found, [], state);
  const { scrollWidth, clientWidth } = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return { scrollWidth, clientWidth };
  });
  assert.equal(scrollWidth > clientWidth, false, `${state}: ${scrollWidth} pixels of content on ${clientWidth}`);
}
