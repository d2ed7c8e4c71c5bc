// The browser tests. They start a demo of their own on a free port; `REGAIN_URL` names a running one instead.
// A test that moves the clock or changes a tenant starts one more demo by itself, with `REGAIN_BINARY`.
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { defineConfig, devices } from '@playwright/test';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = process.env.CARGO_TARGET_DIR ?? `${root}/target`;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

// The workers read this file again: they take the first reading from the environment.
process.env.REGAIN_BINARY ??= `${target}/debug/regain`;
const own = process.env.REGAIN_URL === undefined || process.env.REGAIN_OWN_DEMO === '1';
if (own) {
  process.env.REGAIN_OWN_DEMO = '1';
  process.env.REGAIN_URL ??= `http://localhost:${await freePort()}`;
}
const url = process.env.REGAIN_URL ?? '';
if (process.argv.includes('--project=screenshots')) process.env.REGAIN_SCREENSHOTS = '1';

export default defineConfig({
  testDir: 'tests',
  outputDir: 'test-results',
  fullyParallel: true,
  forbidOnly: process.env.CI !== undefined,
  workers: 2,
  timeout: 120_000,
  expect: { timeout: 10_000 },
  reporter: [['list']],
  use: {
    baseURL: url,
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: process.env.REGAIN_BROWSER ?? '/usr/bin/chromium',
      // The demo is on this machine; a browser that calls home would only wait for an answer.
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
        '--disable-component-update', '--disable-sync'],
    },
  },
  // `desktop` runs every test; a test with a tag in its title runs again in the project of that name.
  projects: [
    { name: 'desktop', testIgnore: 'screenshots.spec.ts', use: { viewport: { width: 1280, height: 860 } } },
    { name: 'plain', grep: /@plain/, testIgnore: 'screenshots.spec.ts', use: { javaScriptEnabled: false } },
    { name: 'phone', grep: /@phone/, testIgnore: 'screenshots.spec.ts', use: { ...devices['Pixel 7'] } },
    { name: 'arabic', grep: /@arabic/, testIgnore: 'screenshots.spec.ts', use: { locale: 'ar' } },
    { name: 'dark', grep: /@dark/, testIgnore: 'screenshots.spec.ts', use: { colorScheme: 'dark' } },
    ...(process.env.REGAIN_SCREENSHOTS === '1'
      ? [{ name: 'screenshots', testMatch: 'screenshots.spec.ts', timeout: 300_000 }]
      : []),
  ],
  webServer: own
    ? {
        command: `exec "${process.env.REGAIN_BINARY}" demo --fresh --listen 127.0.0.1:${new URL(url).port} --data target/end2end/shared`,
        cwd: root,
        env: { REGAIN_OPERATIONS__LISTEN: '127.0.0.1:0', REGAIN_LOG__FILTER: 'warn' },
        url: `${url}/demo/accounts.json`,
        timeout: 120_000,
        stdout: 'ignore',
        stderr: 'pipe',
        gracefulShutdown: { signal: 'SIGTERM', timeout: 5_000 },
      }
    : undefined,
});
