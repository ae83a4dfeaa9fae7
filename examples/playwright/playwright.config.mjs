import { defineConfig } from '@playwright/test';

export default defineConfig({
  use: {
    launchOptions: {
      // An installed Chromium, if the variable names one; otherwise the one that `npx playwright install` has downloaded.
      ...(process.env.CHROME && { executablePath: process.env.CHROME }),
      args: process.env.CI ? ['--no-sandbox'] : [],
    },
  },
});
