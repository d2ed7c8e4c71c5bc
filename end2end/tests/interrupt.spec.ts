// What sign-in leads to: registering what is missing, looking over what is there, and putting either off.
import { acorn, OwnDemo } from '../fixtures/demo.ts';
import { accessible, expect, test } from '../fixtures/test.ts';

const SKIP = 'form[action="/fn/user/security-skip"] button';
const DAY = 24 * 60 * 60;

test('a newcomer is led to what is missing, the best way first, until it is there @plain @phone @arabic @dark', async ({
  page,
  walk,
}) => {
  const person = await acorn.person('new@acorn.example');
  await walk.signIn(acorn, person.username, person.password);
  await expect(page).toHaveURL(`${acorn.url}/security-info`);
  await walk.at('confirm');
  await walk.ready();
  await expect(page.locator(SKIP)).toBeVisible();
  await expect(page.locator('button.button:not(.second):not(.quiet)')).toHaveCount(1);
  await accessible(page);
  await walk.press('/fn/user/security-confirm');
  await walk.at('methods');
  await expect(page.locator('button[name="kind"]:visible')).toHaveCount(1);
  await expect(page.locator('button[name="kind"]:visible')).toHaveAttribute('value', 'app');
  await accessible(page);
  await walk.addApp(acorn);
  await expect(page.locator('.method')).toHaveCount(1);
  await expect(page.locator('button[name="kind"][value="app"]')).toHaveCount(0);
  await expect(page.locator(SKIP)).toBeVisible();
  await accessible(page);
  await walk.addMail(acorn, `${person.username.split('@')[0]}@mail.example`);
  await expect(page.locator('.method')).toHaveCount(2);
  await expect(page.locator(SKIP)).toHaveCount(0);
  await expect(page.locator('.note.good')).toBeVisible();
  await accessible(page);
  await page.locator('a.button[href="/"]:not(.quiet)').click();
  await expect(page).toHaveURL(`${acorn.url}/`);
  await page.context().clearCookies();
  await walk.signIn(acorn, person.username, person.password);
  await expect(page).toHaveURL(`${acorn.url}/`);
});

test('what is missing is put off, and asked for at the next sign-in again @plain @phone', async ({ page, walk }) => {
  const person = await acorn.person('new@acorn.example');
  await walk.signIn(acorn, person.username, person.password);
  await walk.at('confirm');
  await page.locator(SKIP).click();
  await expect(page).toHaveURL(`${acorn.url}/`);
  await walk.at('home');
  // Whoever opens the page now has come by themselves.
  await walk.open(`${acorn.url}/security-info`);
  await walk.at('confirm');
  await expect(page.locator(SKIP)).toHaveCount(0);
  await page.context().clearCookies();

  // The next sign-in asks again, and leads on to where one was going.
  await walk.open(`${acorn.url}/signin?to=password`);
  await walk.signInHere(person.username, person.password);
  await walk.at('confirm');
  await page.locator(SKIP).click();
  await expect(page).toHaveURL(`${acorn.url}/change-password`);
  await page.context().clearCookies();

  // Whoever walks away by address is signed in all the same.
  await walk.signIn(acorn, person.username, person.password);
  await walk.at('confirm');
  await walk.open(`${acorn.url}/`);
  await walk.at('home');
});

test('after half a year all is looked over, and one press confirms it @plain @phone @arabic @dark', async ({ page, walk }) => {
  const own = await OwnDemo.start();
  try {
    const person = await own.acorn.person('user@acorn.example');
    await own.acorn.advance(181 * DAY);
    await walk.signIn(own.acorn, person.username, person.password);
    await expect(page).toHaveURL(`${own.acorn.url}/security-info`);
    await walk.at('confirm');
    await walk.ready();
    await expect(page.locator(SKIP)).toBeVisible();
    await accessible(page);
    await walk.press('/fn/user/security-confirm');
    await walk.passApp(own.acorn, person);
    await walk.at('methods');
    await accessible(page);
    // What is not right any more is changed in its place, and the look goes on.
    const mail = page.locator('.method').filter({ hasText: '@m•••.example' });
    await mail.locator('summary').click();
    await walk.field('name').fill('Home mailbox');
    await mail.locator('button.second').first().click();
    await expect(page.locator('.method').filter({ hasText: 'Home mailbox' })).toBeVisible();
    await page.locator('form[action="/fn/user/security-reconfirm"] button').click();
    await expect(page).toHaveURL(`${own.acorn.url}/`);
    await expect(page.locator('main .note.good')).toBeVisible();
    await walk.ready();
    await accessible(page);
    await page.context().clearCookies();
    await walk.signIn(own.acorn, person.username, person.password);
    await expect(page).toHaveURL(`${own.acorn.url}/`);
  } finally {
    await own.stop();
  }
});
