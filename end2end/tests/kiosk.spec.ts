// The wizard on a locked workstation: no way out of it, it clears itself, and one's own phone begins anew.
import { acorn, OwnDemo } from '../fixtures/demo.ts';
import { accessible, expect, test } from '../fixtures/test.ts';
import { Walk } from '../fixtures/walk.ts';
import type { Page } from '@playwright/test';

const FLOW = '__Host-rg_flow';
const PASSWORD = 'seven brass otters hum';
const warning = (page: Page) => page.locator('.idle:not(.still)');

/** Every address of the page is the kiosk's own, and nothing opens, saves, dials or prints. */
async function closed(page: Page): Promise<void> {
  for (const link of await page.locator('a[href]').all()) {
    expect(await link.getAttribute('href')).toMatch(/^(#main|\?lang=[a-z]{2}|\/kiosk)$/);
  }
  for (const form of await page.locator('form').all()) {
    expect(await form.getAttribute('action')).toMatch(/^\/kiosk\/fn\/public\/reset-[a-z]+$/);
    await expect(form).toHaveAttribute('autocomplete', 'off');
  }
  for (const field of await page.locator('input:not([type="hidden"]):not([type="radio"])').all()) {
    await expect(field).toHaveAttribute('autocomplete', 'off');
  }
  const isPlain = test.info().project.use.javaScriptEnabled === false;
  if (!isPlain) await expect(page.locator('.idle.still'), 'only without scripts').toBeHidden();
  await expect(page.locator('[target], [download], input[type="file"], iframe, object, embed')).toHaveCount(0);
}

async function looked(page: Page): Promise<void> {
  await closed(page);
  await accessible(page);
  const isWide = page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
  expect(await isWide, 'nothing to be scrolled sideways').toBe(false);
}

async function cookies(page: Page): Promise<string[]> {
  return (await page.context().cookies()).map((cookie) => cookie.name);
}

/** Back leads to the start, or to where the browser was before it came here. */
async function back(walk: Walk, former: string): Promise<void> {
  await walk.page.goBack();
  if (walk.page.url() !== 'about:blank') await anew(walk);
  await expect(walk.page.locator('body')).not.toContainText(former);
}

/** At the start, as if nobody had been there. */
async function anew(walk: Walk): Promise<void> {
  await walk.at('identify');
  await expect(walk.field('username')).toHaveValue('');
  await expect(walk.page).toHaveURL(/\/kiosk$/);
}

test('a reset on a locked workstation, and nothing stays @plain @phone @arabic @dark', async ({ page, walk }) => {
  const person = await acorn.person('user@acorn.example');
  await walk.open(`${acorn.url}/kiosk`);
  await looked(page);
  await walk.identifyHere(acorn, person.username);
  await walk.at('choose');
  await looked(page);
  await page.locator('details.more summary').click();
  await closed(page);
  await walk.choose('app_code');
  await looked(page);
  await walk.code('000000');
  await walk.refused('code-wrong');
  await closed(page);
  await walk.code(await acorn.appCode(person));
  await walk.passMail(acorn, person);
  await walk.at('password');
  await looked(page);
  await walk.password(PASSWORD);
  await walk.at('done');
  await looked(page);
  if (walk.scripts) expect(await cookies(page)).not.toContain(FLOW);
  await page.locator('form[action="/kiosk/fn/public/reset-cancel"] button').click();
  await anew(walk);
  expect(await cookies(page)).toEqual([]);
  await back(walk, person.username);
});

test('leaving clears it at once, and the language goes with the person @plain', async ({ page, walk }) => {
  const person = await acorn.person('user@acorn.example');
  await walk.open(`${acorn.url}/kiosk?lang=de`);
  await expect(page.locator('html')).toHaveAttribute('lang', 'de');
  await walk.identifyHere(acorn, person.username);
  await walk.choose('email');
  await page.locator('form[action="/kiosk/fn/public/reset-cancel"] button').click();
  await anew(walk);
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  expect(await cookies(page)).toEqual([]);
});

test('r58 before there is a flow it forgets what was typed, after a warning that any key calls off', async ({ page, walk }) => {
  await page.clock.install();
  await walk.open(`${acorn.url}/kiosk`);
  await walk.field('username').fill('somebody@acorn.example');
  await expect(warning(page)).toBeHidden();
  await page.clock.fastForward(31_000);
  await expect(warning(page)).toBeVisible();
  await expect(warning(page).getByRole('status')).not.toBeEmpty();
  await accessible(page);
  await page.keyboard.press('Shift');
  await expect(warning(page)).toBeHidden();
  await page.clock.fastForward(31_000);
  await warning(page).getByRole('button').click();
  await expect(warning(page)).toBeHidden();
  await expect(walk.field('username')).toHaveValue('somebody@acorn.example');
  await page.clock.fastForward(61_000);
  await expect(walk.field('username')).toHaveValue('');
  await anew(walk);
});

test('r58 a flow that nobody touches is over, and its cookie gone', async ({ page, walk }) => {
  const person = await acorn.person('user@acorn.example');
  await page.clock.install();
  await walk.open(`${acorn.url}/kiosk`);
  await walk.identifyHere(acorn, person.username);
  await walk.choose('app_code');
  await page.clock.fastForward(31_000);
  await expect(warning(page)).toBeVisible();
  // Either of the two is the first touch, which tells the server; it is not told of each key.
  const touched = page.waitForResponse((answer) => answer.url().endsWith('/kiosk/fn/public/reset-touch'));
  await walk.field('code').fill('12');
  await page.keyboard.press('3');
  await touched;
  await expect(warning(page)).toBeHidden();
  await expect(walk.field('code'), 'what was typed stays').toHaveValue('123');
  const [flow] = (await page.context().cookies()).filter((cookie) => cookie.name === FLOW);
  await page.clock.fastForward(61_000);
  await anew(walk);
  expect(await cookies(page)).toEqual([]);
  await back(walk, person.username);
  // Whoever kept the cookie finds nothing.
  await page.context().addCookies([flow!]);
  await walk.open(`${acorn.url}/kiosk`);
  await expect(page.locator('main')).toHaveAttribute('data-step', 'stopped');
  await expect(page.locator('main')).not.toContainText(person.username);
});

test('r58 without scripts a stale screen is dead, and the page loads itself @plain', async ({ page, walk }) => {
  test.skip(walk.scripts, 'with scripts the page itself counts');
  const demo = await OwnDemo.start();
  try {
    const person = await demo.acorn.person('user@acorn.example');
    await walk.open(`${demo.acorn.url}/kiosk`);
    await walk.identifyHere(demo.acorn, person.username);
    await walk.choose('app_code');
    const again = page.locator('meta[http-equiv="refresh"]');
    await expect(again).toHaveAttribute('content', '60;url=/kiosk?lang');
    // More time, asked for by one press, keeps the step.
    await demo.acorn.advance(30);
    const more = page.locator('form[action="/kiosk/fn/public/reset-touch"] button');
    await more.evaluate((button: HTMLButtonElement) => button.form?.submit());
    await walk.at('prove');
    await demo.acorn.advance(35);
    await page.reload();
    await walk.at('prove');
    await expect(again, 'counted from the press').toHaveAttribute('content', /^\d\d?;url=\/kiosk\?lang$/);
    await demo.acorn.advance(60);
    await walk.open(`${demo.acorn.url}/kiosk`);
    await anew(walk);
  } finally {
    await demo.stop();
  }
});

test('r58 a page whose program does not come clears itself all the same', async ({ browser }) => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.clock.install();
  await page.route(/\.(wasm|js)$/, (route) => route.abort());
  await page.goto(`${acorn.url}/kiosk`);
  await page.locator('input[name="username"]').fill('somebody@acorn.example');
  await page.clock.fastForward(61_000);
  await expect(page.locator('input[name="username"]')).toHaveValue('');
  await context.close();
});

test('r58 one\'s own phone begins anew at the plain address @plain', async ({ page, walk, browser }) => {
  const person = await acorn.person('user@acorn.example');
  await walk.open(`${acorn.url}/kiosk`);
  const handoff = page.locator('.handoff');
  await expect(handoff.locator('svg[role="img"]')).toBeVisible();
  await expect(handoff.locator('bdi')).toHaveText(`${acorn.url}/reset`);
  await walk.identifyHere(acorn, person.username);
  await walk.at('choose');
  await expect(handoff).toHaveCount(0);
  const context = await browser.newContext();
  const phone = new Walk(await context.newPage(), walk.scripts);
  await phone.open(`${acorn.url}/reset`);
  await phone.at('identify');
  await expect(phone.field('username')).toHaveValue('');
  await context.close();
});
