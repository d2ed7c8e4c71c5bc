// Passkeys, by Chromium's virtual authenticator: registered, and used for a reset, a fresh proof and a sign-in.
import { acorn, birch, type Demo, type Person } from '../fixtures/demo.ts';
import { Authenticator } from '../fixtures/passkey.ts';
import { accessible, expect, test } from '../fixtures/test.ts';
import type { Walk } from '../fixtures/walk.ts';

const NEW = 'seven brass otters hum';
const ADD = '/fn/user/security-add';
const SIGN_IN = '/fn/public/signin-passkey';

/** Whoever shows that page has no passkey that answers: it says so, and offers to try again. */
async function unanswered(walk: Walk): Promise<void> {
  await expect(walk.page.locator('[role="alert"]:visible')).not.toBeEmpty();
  await accessible(walk.page);
}

/** The button under which the browser asks. */
const ask = (walk: Walk) => walk.page.locator('.with-scripts form button:visible').last();

/** Somebody on their own page, and signed out again with a passkey registered there. */
async function registered(demo: Demo, like: string, walk: Walk): Promise<{ person: Person; device: Authenticator }> {
  const person = await demo.person(like);
  const device = await Authenticator.of(walk.page);
  if (person.roles.length > 0) {
    await walk.signIn(demo, person.username, person.password);
    await walk.at('signin-code');
    await walk.code(await demo.appCode(person));
    await expect(walk.page).toHaveURL(`${demo.url}/`);
    await walk.open(`${demo.url}/security-info`);
    await walk.press('/fn/user/security-confirm');
    await walk.at('methods');
  } else {
    await walk.security(demo, person);
  }
  const n = await walk.page.locator('.method').count();
  await walk.press(ADD, 'passkey');
  await expect(walk.page.locator('.method')).toHaveCount(n + 1);
  expect(await device.sites()).toEqual([`${new URL(demo.url).hostname} true`]);
  await walk.page.context().clearCookies();
  return { person, device };
}

test('a passkey is one of two proofs of a reset, and the browser asks again if it was not the owner @phone @arabic @dark', async ({
  page,
  walk,
}) => {
  const person = await acorn.person('user@acorn.example');
  const device = await Authenticator.of(page);
  await walk.security(acorn, person);
  const n = await page.locator('.method').count();

  await device.verifies(false);
  await walk.press(ADD, 'passkey');
  await walk.at('enrol');
  await unanswered(walk);
  await device.verifies(true);
  await ask(walk).click();
  await expect(page.locator('.method')).toHaveCount(n + 1);
  await accessible(page);

  await page.context().clearCookies();
  await walk.identify(acorn, person.username);
  await walk.at('choose');
  await device.verifies(false);
  await page.locator('button[name="method"][value="passkey"]').click();
  await walk.at('prove');
  await unanswered(walk);
  await device.verifies(true);
  await ask(walk).click();
  await walk.passMail(acorn, person);
  await walk.password(NEW);
  await walk.at('done');
});

test('where one proof is enough a passkey is enough, and it proves it anew', async ({ page, walk }) => {
  const { person } = await registered(birch, 'user@birch.example', walk);
  await walk.identify(birch, person.username);
  await walk.at('choose');
  await page.locator('button[name="method"][value="passkey"]').click();
  await walk.password(NEW);
  await walk.at('done');

  await page.context().clearCookies();
  await walk.signIn(birch, person.username, NEW);
  await expect(page).toHaveURL(`${birch.url}/`);
  await walk.open(`${birch.url}/security-info`);
  await walk.press('/fn/user/security-confirm');
  await walk.at('choose');
  await page.locator('button[name="method"][value="passkey"]').click();
  await walk.at('methods');
});

test('a passkey signs in by itself, and asks for the password before methods are changed @phone @arabic @dark', async ({
  page,
  walk,
}) => {
  const { person, device } = await registered(birch, 'user@birch.example', walk);
  await device.verifies(false);
  await walk.open(`${birch.url}/signin`);
  await walk.press(SIGN_IN);
  await walk.at('signin-passkey');
  await unanswered(walk);
  await device.verifies(true);
  await ask(walk).click();
  await expect(page).toHaveURL(`${birch.url}/`);
  await expect(page.locator('main')).toContainText(person.username);
  await walk.open(`${birch.url}/security-info`);
  await expect(walk.field('password')).toBeVisible();
});

test('staff sign in with a passkey in place of the code, and with nothing else', async ({ page, walk }) => {
  const { person } = await registered(acorn, 'admin@acorn.example', walk);
  await walk.signIn(acorn, person.username, person.password);
  await walk.at('signin-code');
  await accessible(page);
  await ask(walk).click();
  await expect(page).toHaveURL(`${acorn.url}/`);

  await page.context().clearCookies();
  await walk.open(`${acorn.url}/signin`);
  await walk.press(SIGN_IN);
  await expect(page).toHaveURL(`${acorn.url}/`);
  await expect(page.locator('a[href="/console"]')).toBeVisible();
});

test('each page of a passkey is there in five languages', async ({ page, walk }) => {
  const person = await birch.person('user@birch.example');
  const device = await Authenticator.of(page);
  await device.verifies(false);
  await walk.identify(birch, person.username);
  await walk.at('choose');
  await page.locator('button[name="method"][value="passkey"]').click();
  await walk.at('prove');
  for (const lang of ['en', 'de', 'fr', 'es', 'ar']) {
    for (const [path, step] of [['reset', 'prove'], ['signin', 'signin']] as const) {
      await walk.open(`${birch.url}/${path}?lang=${lang}`);
      await walk.at(step);
      if (step === 'signin') await walk.press(SIGN_IN);
      await expect(page.locator('html')).toHaveAttribute('lang', lang);
      if (step === 'prove') await ask(walk).click();
      await unanswered(walk);
    }
    await walk.press('/fn/user/signout');
    await walk.at('signin');
  }
});

test('without scripts a passkey says what it needs, and there are other ways @plain', async ({ page, walk, scripts }) => {
  test.skip(scripts, 'what is shown to those without scripts');
  const person = await birch.person('user@birch.example');
  await walk.identify(birch, person.username);
  await walk.choose('passkey');
  await expect(page.locator('.without-scripts .note')).toBeVisible();
  await expect(page.locator('.with-scripts form button:visible')).toHaveCount(0);
  await walk.press('/fn/public/reset-choose', '');
  await walk.passApp(birch, person);
  await walk.at('password');

  await walk.open(`${birch.url}/signin`);
  await walk.press(SIGN_IN);
  await walk.at('signin-passkey');
  await expect(page.locator('.without-scripts .note')).toBeVisible();
  await walk.press('/fn/user/signout');
  await walk.at('signin');
});

test('browsers and password managers find where passkeys are made', async ({ page }) => {
  const answer = await page.request.get(`${acorn.url}/.well-known/passkey-endpoints`);
  expect(await answer.json()).toEqual({ enroll: `${acorn.url}/security-info`, manage: `${acorn.url}/security-info` });
});
