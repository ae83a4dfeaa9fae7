const library = require('wix-oauth-apps');
const emulator = require('wix-oauth-apps/emulator');

Promise.all([import('./journey.mjs'), import('./server.mjs')])
  .then(([{ report }, { default: server }]) => report(library, emulator, server))
  .then(console.log);
