import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  // Relative addresses let the same files be served from any folder, such as `/_emulator/` of the emulator server.
  base: './',
  // Without `development`, for which the packages contain their WebAssembly: the page loads it as files, as it is served.
  resolve: { conditions: ['module', 'browser'] },
  build: {
    target: 'es2022',
    license: { fileName: 'THIRD-PARTY-LICENSES.md' },
    // The page's Content-Security-Policy permits no `data:` address.
    assetsInlineLimit: 0,
    // Every supported browser preloads modules by itself.
    modulePreload: { polyfill: false },
  },
});
