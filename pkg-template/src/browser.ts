/** The entry point for browsers and other runtimes, which fetches the core when it is first needed. */
export * from './index.js';
