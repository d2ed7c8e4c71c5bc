// The authenticator as a second device: added by its link, asked with a number, woken by a push, offline for codes.
import type { Browser, Page } from '@playwright/test';
import { acorn, OwnDemo, type Demo, type Person } from '../fixtures/demo.ts';
import { Phone } from '../fixtures/phone.ts';
import { accessible, expect, test } from '../fixtures/test.ts';
import type { Walk } from '../fixtures/walk.ts';

const NEW = 'seven brass otters hum';

/** The two digits that a page shows. */
async function numberOn(page: Page): Promise<string> {
  const number = page.locator('.match output');
  await expect(number).toHaveText(/^\d\d$/u);
  return number.innerText();
}

/** Goes on where a page without scripts waits to be told so. */
async function collect(walk: Walk): Promise<void> {
  if (walk.scripts) return;
  const go = walk.page.locator('form[action^="/fn/"] button.button:not(.second):not(.quiet)').first();
  await expect(async () => {
    await walk.page.reload();
    await expect(go).toBeVisible({ timeout: 500 });
  }).toPass();
  await go.click();
}

/** Registers a phone from the page of one's own methods; ends there. */
async function register(walk: Walk, browser: Browser, demo: Demo): Promise<Phone> {
  await walk.press('/fn/user/security-add', 'authenticator');
  await walk.at('enrol');
  await accessible(walk.page);
  await walk.page.locator('details.more summary').click();
  const link = (await walk.page.locator('a.phone-link').getAttribute('href')) ?? '';
  const phone = await Phone.of(browser, demo.url);
  await phone.add(link);
  await phone.at('codes');
  await collect(walk);
  const number = await numberOn(walk.page);
  await phone.approve(number);
  await phone.at('codes');
  await collect(walk);
  await walk.at('methods');
  return phone;
}

/** Signs in, proves it anew, and registers a phone. */
async function withPhone(walk: Walk, browser: Browser, demo: Demo): Promise<[Person, Phone]> {
  const person = await demo.person('user@acorn.example');
  await walk.security(demo, person);
  return [person, await register(walk, browser, demo)];
}

/** Begins a reset and asks the phone; gives the number of the page. */
async function ask(walk: Walk, demo: Demo, person: Person): Promise<string> {
  await walk.page.context().clearCookies();
  await walk.identify(demo, person.username);
  await walk.at('choose');
  await walk.page.locator('button[name="method"][value="app_push"]').click();
  await walk.at('prove');
  return numberOn(walk.page);
}

test('a phone is added by its link, and a reset passes by the number typed there @plain @phone @arabic @dark', async ({ page, walk, browser }) => {
  const [person, phone] = await withPhone(walk, browser, acorn);
  await accessible(phone.page);
  const number = await ask(walk, acorn, person);
  await accessible(page);
  await phone.page.bringToFront();
  await phone.at('asked');
  // What was said of the last request is gone.
  await expect(phone.page.locator('.note')).toHaveCount(0);
  await accessible(phone.page);
  const asked = phone.page.locator('main');
  await expect(asked).toContainText(person.username);
  await expect(asked).toContainText('127.0.0.1');
  await expect(asked).toContainText('Chrome');
  await phone.approve(number);
  await phone.at('codes');
  await collect(walk);
  await walk.at('choose');
  await walk.passMail(acorn, person);
  await walk.password(NEW);
  await walk.at('done');
  await phone.context.close();
});

test('codes need no network, and open the gate of codes', async ({ walk, browser }) => {
  const [person, phone] = await withPhone(walk, browser, acorn);
  await phone.kept();
  await phone.context.setOffline(true);
  await phone.open();
  await phone.at('codes');
  await expect(phone.page.locator('.note').first()).toBeVisible();
  await accessible(phone.page);
  await expect(phone.page.locator('.brand')).toContainText('Acorn Works');
  const code = await phone.code();
  await walk.page.context().clearCookies();
  await walk.identify(acorn, person.username);
  await walk.choose('app_code');
  await walk.code(code);
  await walk.at('choose');
  await phone.context.setOffline(false);
  await phone.open();
  await expect(phone.page.locator('.note')).toHaveCount(0);
  await phone.context.close();
});

test('a push wakes the app, which is closed meanwhile', async ({ walk, browser }) => {
  const [person, phone] = await withPhone(walk, browser, acorn);
  await phone.open();
  await phone.kept();
  // The app is closed: another page of the same phone is open, outside of the worker's scope.
  await phone.page.goto(`${acorn.url}/signin`);
  const before = await acorn.newest();
  const number = await ask(walk, acorn, person);
  const push = await acorn.message((message) => message.channel === 'push' && message.to === person.username, before);
  expect(push.text).toMatch(/^[0-9a-f-]{36}$/u);
  expect(push.code).toBeNull();
  const watching = phone.page;
  await expect(async () => {
    // A push that finds the worker not started yet is lost in the browser's tools; a newer one takes its place.
    await phone.push(push.text);
    const shown = await watching.evaluate(async () => {
      const registration = await navigator.serviceWorker.getRegistration('/authenticator');
      return (await registration?.getNotifications())?.map((notice) => `${notice.title} | ${notice.body}`) ?? [];
    });
    expect(shown).toEqual(['Acorn Works: is this you? | A request waits for your approval.']);
  }).toPass({ intervals: [500, 1_000, 2_000, 5_000] });
  await phone.open();
  await phone.approve(number);
  await walk.at('choose');
  await phone.context.close();
});

test('a push reaches the app that is open at once', async ({ walk, browser }) => {
  const [person, phone] = await withPhone(walk, browser, acorn);
  await phone.open();
  await phone.kept();
  const before = await acorn.newest();
  await ask(walk, acorn, person);
  const push = await acorn.message((message) => message.channel === 'push' && message.to === person.username, before);
  await phone.push(push.text);
  await phone.at('asked');
  await expect.poll(() => phone.notices()).toHaveLength(1);
  await phone.context.close();
});

test('a wrong number approves nothing, and it was not me stops everything @plain', async ({ page, walk, browser, scripts }) => {
  // A demo of its own, and two browsers.
  test.slow();
  const own = await OwnDemo.start();
  try {
    const [person, phone] = await withPhone(walk, browser, own.acorn);
    const number = await ask(walk, own.acorn, person);
    await phone.page.bringToFront();
    await phone.approve(number === '00' ? '01' : '00');
    await phone.at('denied');
    await accessible(phone.page);
    await collect(walk);
    await walk.refused('push-ended');
    await own.acorn.advance(31);
    const before = await own.acorn.newest();
    await page.locator('button[name="method"][value="app_push"]').click();
    await phone.page.locator('main button.quiet').click();
    await phone.deny();
    await phone.page.locator('main button.button:not(.quiet)').first().click();
    await phone.at('codes');
    // Every flow of theirs is over: there is nothing left to collect.
    await expect(async () => {
      if (!scripts) await page.reload();
      await expect(page.locator('main')).toHaveAttribute('data-step', 'stopped', { timeout: 500 });
    }).toPass();
    const told = await own.acorn.message((message) => message.context === 'reported' && message.to === person.username, before);
    expect(told.code).toBeNull();
    await own.acorn.message((message) => message.context === 'reported-to-staff' && message.to === 'admin@acorn.example', before);
    await page.context().clearCookies();
    await walk.identify(own.acorn, person.username);
    await walk.at('stopped');
    await phone.context.close();
  } finally {
    await own.stop();
  }
});

test('a link serves once, and an account leaves the phone', async ({ walk, browser }) => {
  const person = await acorn.person('user@acorn.example');
  await walk.security(acorn, person);
  await walk.press('/fn/user/security-add', 'authenticator');
  await walk.at('enrol');
  await walk.page.locator('details.more summary').click();
  const link = (await walk.page.locator('a.phone-link').getAttribute('href')) ?? '';
  const [phone, late] = [await Phone.of(browser, acorn.url), await Phone.of(browser, acorn.url)];
  await phone.open();
  await phone.at('empty');
  await accessible(phone.page);
  await phone.add(link);
  await phone.approve(await numberOn(walk.page));
  await phone.at('codes');
  await late.add(link);
  await late.at('empty');
  await expect(late.page.locator('[role="alert"]')).toContainText('serves no more');
  await phone.page.locator('details.more summary').click();
  await phone.page.locator('details.more button').click();
  await phone.at('empty');
  await phone.open();
  await phone.at('empty');
  await phone.context.close();
  await late.context.close();
});

test('a worker that has to go takes itself and all that it keeps away, and codes go on', async ({ walk, browser }) => {
  test.setTimeout(120_000);
  const demo = await OwnDemo.start();
  try {
    const [, phone] = await withPhone(walk, browser, demo.acorn);
    await phone.kept();
    expect(await phone.keeps()).toEqual([1, 1]);
    await demo.restart({ REGAIN_AUTHENTICATOR__OFFLINE: 'false' });
    await phone.open();
    await expect.poll(() => phone.keeps()).toEqual([0, 0]);
    await phone.open();
    await phone.at('codes');
    await phone.code();
    expect(await phone.keeps()).toEqual([0, 0]);
    await phone.context.close();
  } finally {
    await demo.stop();
  }
});

test('without scripts the app says what it needs @plain', async ({ page, walk, scripts }) => {
  test.skip(scripts, 'with scripts the app runs');
  await walk.open(`${acorn.url}/authenticator`);
  await expect(page.locator('.without-scripts')).toContainText('needs scripts');
});
