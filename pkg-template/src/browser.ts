/** The entry for browsers and everything else: the core is fetched on the first need of it. */
export * from './index.js';
