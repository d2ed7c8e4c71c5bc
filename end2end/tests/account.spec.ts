// Signing in and out.
import { acorn, birch } from '../fixtures/demo.ts';
import { accessible, expect, test } from '../fixtures/test.ts';

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

test('an expired password leads on to the wizard @plain', async ({ page, walk }) => {
  const person = await acorn.person('expired@acorn.example');
  await walk.signIn(acorn, person.username, person.password);
  await expect(page.locator('main').getByRole('link', { name: /password/i }).first()).toHaveAttribute('href', /\/reset\?username=/);
  await accessible(page);
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
