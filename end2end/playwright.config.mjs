// Browser tests on the machine's own Chromium: nothing is downloaded. scripts/test.sh sets
// BASE_URL (a server with the demo shop) and CHROMIUM_PATH.
import { defineConfig } from '@playwright/test';

const args = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--no-first-run',
];
// Chromium's sandbox refuses root.
if (process.getuid?.() === 0) args.push('--no-sandbox');

// With scripts, some files have one client to say something about: what a debug client reports, or how what people
// get behaves while it loads, at its speed. The livreur's phone takes no page of the server over: one file of it shows
// what a debug client would report, the others are about what people get.
const only = {
  debug: /\/(pages)\.spec/,
  release: /\/(asleep|keyboard|livreur_\w+|phone|sections|slow)\.spec/,
};
const ofOthers = Object.entries(only).filter(([client]) => (process.env.CLIENT ?? client) !== client).map(([, files]) => files);

export default defineConfig({
  testDir: './tests',
  outputDir: './test-results',
  timeout: 60_000,
  expect: { timeout: 10_000 },
  workers: 1,
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  reporter: [['list'], ['json', { outputFile: process.env.RESULTS_JSON ?? './test-results/results.json' }]],
  use: {
    baseURL: process.env.BASE_URL ?? 'http://127.0.0.1:3000',
    locale: 'fr-FR',
    timezoneId: 'Europe/Paris',
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
    launchOptions: { executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium', args },
  },
  projects: [
    // But for what is about pages without scripts.
    { name: 'hydrate', testIgnore: [/plain\.spec/, ...ofOthers], grepInvert: /@sans-js/ },
    // The same tests without JavaScript, but for those that need it (tagged @js). Once: there no client matters.
    ...(process.env.CLIENT === 'release' ? [] : [{ name: 'sans-js', use: { javaScriptEnabled: false }, grepInvert: /@js/ }]),
  ],
});
