// Signing in and out.
import { acorn, birch } from '../fixtures/demo.ts';
import { accessible, expect, test } from '../fixtures/test.ts';
import { Walk } from '../fixtures/walk.ts';

test('somebody signs in, sees who they are, and signs out @plain @phone @arabic', async ({ page, walk }) => {
  const person = await acorn.person('user@acorn.example');
  await walk.open(`${acorn.url}/`);
  await walk.at('signin');
  await accessible(page);
  await walk.signIn(acorn, person.username, person.password);
  await expect(page).toHaveURL(`${acorn.url}/`);
  await expect(page.locator('main')).toContainText(person.username);
  await page.locator('form[action="/fn/user/signout"] button').click();
  await walk.at('signin');
  await walk.open(`${acorn.url}/`);
  await walk.at('signin');
});

test('staff need the code of their app as well, and reach the console @plain', async ({ page, walk }) => {
  const person = await acorn.person('admin@acorn.example');
  await walk.signIn(acorn, person.username, person.password);
  await walk.at('signin-code');
  await accessible(page);
  await walk.code('000000');
  await walk.refused('sign-in-failed');
  await walk.code(await acorn.appCode(person));
  await expect(page.locator('main')).toContainText(person.username);
  await walk.open(`${acorn.url}/console`);
  await expect(page.locator('main')).toContainText(person.username);
  await accessible(page);
});

const NEW = 'seven brass otters hum';

test('an expired password is replaced before anything else, without typing it twice @plain @phone @arabic @dark', async ({ page, walk }) => {
  for (const like of ['expired@acorn.example', 'mustchange@acorn.example']) {
    const person = await acorn.person(like);
    await walk.signIn(acorn, person.username, person.password);
    await expect(page).toHaveURL(`${acorn.url}/change-password`);
    await walk.at('password');
    await accessible(page);
    await expect(walk.field('password')).toHaveCount(0);
    await walk.open(`${acorn.url}/`);
    await expect(page).toHaveURL(`${acorn.url}/change-password`);
    await walk.ready();
    await walk.password(person.password);
    await walk.refused('pw-same');
    await walk.password(NEW);
    await expect(page).toHaveURL(`${acorn.url}/`);
    await expect(page.locator('main .note.good')).toBeVisible();
    await accessible(page);
    await walk.ready();
    await page.locator('form[action="/fn/user/signout"] button').click();
    await walk.at('signin');
    await walk.signIn(acorn, person.username, NEW);
    await expect(page).toHaveURL(`${acorn.url}/`);
    await page.context().clearCookies();
  }
});

test('staff need fifteen characters', async ({ page, walk }) => {
  const person = await acorn.person('admin@acorn.example');
  await walk.signIn(acorn, person.username, person.password);
  await walk.code(await acorn.appCode(person));
  await expect(page).toHaveURL(`${acorn.url}/`);
  await walk.open(`${acorn.url}/change-password`);
  await walk.present(person.password);
  await walk.password('fourteen chars');
  await walk.refused('pw-short');
});

test('a password is changed by whoever knows it, and the other browsers are signed out @plain @phone @arabic @dark', async ({
  page,
  walk,
  browser,
}) => {
  const person = await acorn.person('user@acorn.example');
  const other = await browser.newContext();
  const elsewhere = new Walk(await other.newPage(), walk.scripts);
  await elsewhere.signIn(acorn, person.username, person.password);
  await expect(elsewhere.page).toHaveURL(`${acorn.url}/`);

  // Password managers come this way, and somebody who is not signed in is led back to it.
  await walk.open(`${acorn.url}/.well-known/change-password`);
  await walk.at('signin');
  await expect(page).toHaveURL(`${acorn.url}/signin?to=password`);
  await walk.signInHere(person.username, person.password);
  await expect(page).toHaveURL(`${acorn.url}/change-password`);
  await walk.at('password');
  await walk.ready();
  await accessible(page);
  const before = await acorn.newest();
  await walk.present('not the password');
  await walk.password(NEW);
  await walk.refused('password-wrong');
  await accessible(page);
  await walk.present(person.password);
  await walk.password(NEW, 'something else');
  await walk.refused('pw-mismatch');
  await walk.present(person.password);
  await walk.password(NEW);
  await expect(page).toHaveURL(`${acorn.url}/`);
  await expect(page.locator('main .note.good')).toContainText('1');
  await acorn.message((message) => message.context === 'password-changed' && message.to === person.emails[0], before);
  await elsewhere.open(`${acorn.url}/`);
  await elsewhere.at('signin');
  await other.close();
});

test('a refused sign-in passes the name on to the wizard @plain', async ({ page, walk }) => {
  await walk.signIn(birch, 'somebody@birch.example', 'not the password');
  await walk.refused('sign-in-failed');
  await expect(walk.field('username')).toHaveValue('somebody@birch.example');
  await expect(walk.field('password')).toHaveValue('');
  await page.locator('a[href^="/reset"]').first().click();
  await walk.at('identify');
  await expect(walk.field('username')).toHaveValue('somebody@birch.example');
});
