// A PNG of every page, light, dark, on a phone and right to left; and the picture of the README.
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { devices, type Browser, type BrowserContextOptions, type Page } from '@playwright/test';
import { Bare, acorn, birch } from '../fixtures/demo.ts';
import { Authenticator } from '../fixtures/passkey.ts';
import { Phone } from '../fixtures/phone.ts';
import { ADMIN, PASSWORD, setUp } from '../fixtures/setup.ts';
import { test } from '../fixtures/test.ts';
import { Walk } from '../fixtures/walk.ts';

const folder = fileURLToPath(new URL('../../target/screenshots/', import.meta.url));
const looks: Record<string, BrowserContextOptions> = {
  light: { viewport: { width: 1280, height: 860 }, locale: 'en-GB' },
  dark: { viewport: { width: 1280, height: 860 }, locale: 'en-GB', colorScheme: 'dark' },
  phone: { ...devices['Pixel 7'], locale: 'en-GB' },
  arabic: { ...devices['Pixel 7'], locale: 'ar' },
};

for (const [look, options] of Object.entries(looks)) {
  test(`pages in ${look}`, async ({ browser }) => {
    mkdirSync(folder, { recursive: true });
    await pages(browser, look, options);
  });
  test(`the authenticator in ${look}`, async ({ browser }) => {
    mkdirSync(folder, { recursive: true });
    await authenticator(browser, look, options);
  });
  test(`the set-up in ${look}`, async ({ browser }) => {
    mkdirSync(folder, { recursive: true });
    await setup(browser, look, options);
  });
  test(`a locked workstation in ${look}`, async ({ browser }) => {
    mkdirSync(folder, { recursive: true });
    await kiosk(browser, look, options);
  });
  test(`passkeys and numbers in ${look}`, async ({ browser }) => {
    mkdirSync(folder, { recursive: true });
    await passkeys(browser, look, options);
  });
}

/** The set-up of a bare server, and the way from there to everybody. */
async function setup(browser: Browser, look: string, options: BrowserContextOptions): Promise<void> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const walk = new Walk(page, true);
  const shot = async (name: string) => void (await page.screenshot({ path: `${folder}${name}-${look}.png`, fullPage: true }));
  const bare = await Bare.start();
  try {
    const secret = await setUp(walk, bare, (step) => shot(`setup-${step}`));
    await walk.open(`${bare.url}/signin`);
    bare.ahead = 30;
    await walk.signInHere(ADMIN, PASSWORD);
    await walk.code(await bare.appCodeOf(secret));
    await walk.at('home');
    await walk.open(`${bare.url}/console/setup`);
    await shot('rollout');
  } finally {
    await bare.stop();
    await context.close();
  }
}

/** The wizard on a locked workstation, and its warning. */
async function kiosk(browser: Browser, look: string, options: BrowserContextOptions): Promise<void> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const walk = new Walk(page, true);
  const shot = (name: string) => page.screenshot({ path: `${folder}${name}-${look}.png`, fullPage: true });
  const person = await acorn.person('user@acorn.example');
  await page.clock.install();
  await walk.open(`${acorn.url}/kiosk`);
  await shot('kiosk');
  await walk.identifyHere(acorn, person.username);
  await walk.at('choose');
  await shot('kiosk-choose');
  await page.clock.fastForward(31_000);
  await page.locator('.idle:not(.still)').waitFor();
  await shot('kiosk-idle');
  await walk.passApp(acorn, person);
  await walk.passMail(acorn, person);
  await walk.password('seven brass otters hum');
  await walk.at('done');
  await shot('kiosk-done');
  await context.close();
}

/** Pages that ask for a passkey, for a number and for a call; and what is missing without scripts. */
async function passkeys(browser: Browser, look: string, options: BrowserContextOptions): Promise<void> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const walk = new Walk(page, true);
  const shot = (name: string) => page.screenshot({ path: `${folder}${name}-${look}.png`, fullPage: true });
  const other = page.locator('form').filter({ has: page.locator('button[name="method"][value=""]') }).locator('button');
  const person = await acorn.person('user@acorn.example');
  const device = await Authenticator.of(page);

  await walk.security(acorn, person);
  await device.verifies(false);
  await walk.press('/fn/user/security-add', 'passkey');
  await walk.at('enrol');
  await page.locator('[role="alert"]:visible').waitFor();
  await shot('security-passkey');
  await device.verifies(true);
  await page.locator('.with-scripts form button:visible').last().click();
  await walk.at('methods');
  await shot('security-passkey-added');
  await context.clearCookies();

  await walk.identify(acorn, person.username);
  await walk.at('choose');
  await shot('choose-passkey');
  await device.verifies(false);
  await page.locator('button[name="method"][value="passkey"]').click();
  await walk.at('prove');
  await page.locator('[role="alert"]:visible').waitFor();
  await shot('prove-passkey');
  await other.click();
  await walk.choose('mobile_sms');
  await shot('prove-number');
  await walk.number('my phone');
  await walk.refused('destination-form');
  await shot('prove-number-refused');
  await other.click();
  await walk.choose('office_call');
  await walk.number(person.office ?? '');
  await page.locator('.wait').waitFor();
  await shot('prove-call');
  await context.clearCookies();
  await device.verifies(false);
  await walk.open(`${acorn.url}/signin`);
  await walk.press('/fn/public/signin-passkey');
  await walk.at('signin-passkey');
  await page.locator('[role="alert"]:visible').waitFor();
  await shot('signin-passkey');

  const fresh = await acorn.person('new@acorn.example');
  await context.clearCookies();
  await walk.security(acorn, fresh);
  await walk.add('mobile');
  await shot('security-mobile');
  await walk.number('my phone');
  await walk.refused('destination-form');
  await shot('security-mobile-refused');
  await context.close();

  const plain = await browser.newContext({ ...options, javaScriptEnabled: false });
  const bare = await plain.newPage();
  const still = new Walk(bare, false);
  await still.identify(acorn, person.username);
  await still.choose('passkey');
  await bare.screenshot({ path: `${folder}prove-passkey-plain-${look}.png`, fullPage: true });
  await plain.close();
}

/** The app on the phone, and the pages that wait for it. */
async function authenticator(browser: Browser, look: string, options: BrowserContextOptions): Promise<void> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const walk = new Walk(page, true);
  const phone = await Phone.of(browser, acorn.url, options);
  const shot = (of: Page, name: string) => of.screenshot({ path: `${folder}${name}-${look}.png`, fullPage: true });
  const number = () => page.locator('.match output').innerText();
  const person = await acorn.person('user@acorn.example');

  await phone.open();
  await shot(phone.page, 'app-empty');
  await walk.security(acorn, person);
  await walk.press('/fn/user/security-add', 'authenticator');
  await walk.at('enrol');
  await shot(page, 'security-phone');
  await page.locator('details.more summary').click();
  const link = (await page.locator('a.phone-link').getAttribute('href')) ?? '';
  await phone.page.goto(link);
  await phone.at('link');
  await shot(phone.page, 'app-link');
  await phone.page.locator('main button.button:not(.quiet)').click();
  await phone.at('asked');
  await shot(page, 'security-number');
  await phone.approve(await number());
  await phone.at('codes');
  await phone.code();
  await shot(phone.page, 'app-codes');
  await walk.at('methods');
  await context.clearCookies();
  await walk.identify(acorn, person.username);
  await page.locator('button[name="method"][value="app_push"]').click();
  await walk.at('prove');
  const shown = await number();
  await shot(page, 'prove-push');
  await phone.at('asked');
  await shot(phone.page, 'app-asked');
  await phone.approve(shown === '00' ? '01' : '00');
  await phone.at('denied');
  await shot(phone.page, 'app-denied');
  await phone.context.close();
  await context.close();
}

async function pages(browser: Browser, look: string, options: BrowserContextOptions): Promise<void> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const walk = new Walk(page, true);
  const shot = (name: string) => page.screenshot({ path: `${folder}${name}-${look}.png`, fullPage: true });
  const person = await acorn.person('user@acorn.example');

  await walk.open(`${acorn.url}/signin`);
  await shot('signin');
  await walk.open(`${acorn.url}/reset`);
  await page.locator('.check[data-state="done"]').waitFor();
  await shot('identify');
  await page.locator('.check details summary').click();
  await shot('identify-other');
  await walk.identifyHere(acorn, 'nobody@acorn.example');
  await walk.refused('user-unknown');
  await shot('identify-refused');
  await walk.identify(acorn, 'outsider@acorn.example');
  await walk.at('stopped');
  await shot('stopped');
  await context.clearCookies();

  await walk.identify(acorn, person.username);
  await walk.at('choose');
  await shot('choose');
  await page.locator('details.more summary').first().click();
  await shot('choose-help');
  await walk.choose('questions');
  await walk.answers(person, true);
  await walk.refused('answers-wrong');
  await shot('prove-questions');
  await page.locator('form').filter({ has: page.locator('button[name="method"][value=""]') }).locator('button').click();
  await walk.choose('app_code');
  await walk.code('000000');
  await walk.refused('code-wrong');
  await shot('prove-refused');
  await walk.code(await acorn.appCode(person));
  await walk.choose('email');
  await shot('prove-mail');
  await walk.code(await acorn.code(person.emails.at(-1) ?? ''));
  await walk.at('password');
  await shot('password');
  await walk.field('new_password').fill('harbour');
  await shot('password-typing');
  await walk.password('seven brass otters hum');
  await walk.at('done');
  await shot('done');
  await walk.signIn(acorn, person.username, 'seven brass otters hum');
  await page.waitForURL(`${acorn.url}/`);
  await walk.ready();
  await shot('home');
  await walk.open(`${acorn.url}/change-password`);
  await shot('change');
  await walk.present('not the password');
  await walk.password('another fine long one');
  await walk.refused('password-wrong');
  await shot('change-refused');
  await walk.open(`${acorn.url}/`);

  await page.locator('a[href="/security-info"]').click();
  await walk.at('confirm');
  await walk.ready();
  await shot('security-confirm');
  await walk.press('/fn/user/security-confirm');
  await walk.at('choose');
  await shot('security-choose');
  await context.clearCookies();

  const fresh = await acorn.person('new@acorn.example');
  await walk.signIn(acorn, fresh.username, fresh.password);
  await walk.at('confirm');
  await walk.ready();
  await shot('security-due');
  await walk.press('/fn/user/security-confirm');
  await walk.at('methods');
  await shot('security-empty');
  await walk.add('app');
  await shot('security-app');
  await page.locator('details.more summary').click();
  const key = (await page.locator('.reference bdi').innerText()).replaceAll(' ', '');
  await shot('security-app-key');
  await walk.code(await acorn.appCodeOf(key));
  await walk.at('methods');
  await shot('security-added');
  await walk.add('questions');
  await shot('security-questions');
  await walk.press('/fn/user/security-leave');
  await walk.at('methods');
  await walk.add('email');
  await walk.field('destination').fill('me@acorn.example');
  await walk.send(page.locator('input[name="destination"]'));
  await walk.refused('destination-own');
  await shot('security-mail-refused');
  await walk.press('/fn/user/security-leave');
  await walk.at('methods');
  await walk.addMail(acorn, `${fresh.username.split('@')[0]}@mail.example`);
  await page.locator('.method summary').first().click();
  await shot('security-methods');

  await context.clearCookies();
  const due = await acorn.person('expired@acorn.example');
  await walk.signIn(acorn, due.username, due.password);
  await walk.at('password');
  await walk.ready();
  await shot('change-due');
  await walk.password('seven brass otters hum');
  await page.waitForURL(`${acorn.url}/`);
  await walk.ready();
  await shot('home-changed');
  await context.clearCookies();
  const held = await acorn.person('locked@acorn.example');
  await walk.open(`${acorn.url}/reset`);
  await page.locator('input[name="intent"][value="unlock"]').check();
  await walk.identifyHere(acorn, held.username);
  await walk.passApp(acorn, held);
  await walk.passMail(acorn, held);
  await walk.at('done');
  await shot('unlocked');

  const reported = await acorn.message((m) => m.context === 'account-unlocked' && m.to === held.emails.at(-1));
  await page.goto(`${acorn.url}/not-me`);
  await shot('not-me');
  const typed = page.locator('input[name="reference"]');
  await typed.fill('K7QM2-XWD3H');
  await walk.send(typed);
  await walk.refused('reference-unknown');
  await shot('not-me-refused');
  await typed.fill(/\b[0-9A-Z]{5}-[0-9A-Z]{5}\b/.exec(reported.text)?.[0] ?? '');
  await walk.send(typed);
  await page.locator('main[data-step="not-me-stopped"]').waitFor();
  await shot('not-me-stopped');

  const admin = await acorn.person('admin@acorn.example');
  await context.clearCookies();
  await walk.signIn(acorn, admin.username, admin.password);
  await walk.at('signin-code');
  await shot('signin-code');
  await walk.code(await acorn.appCode(admin));
  await page.waitForURL(`${acorn.url}/`);
  await walk.ready();
  await walk.open(`${acorn.url}/console`);
  await shot('console');
  await page.goto(`${acorn.url}/no-such-page`);
  await shot('404');
  await page.goto(`${acorn.url}/demo`);
  await shot('demo');
  await walk.identify(birch, 'somebody@birch.example');
  await walk.at('choose');
  await shot('birch-choose');
  await walk.choose('email');
  await shot('birch-destination');
  await context.close();
}
