// The reset wizard, from the first page to signing in with the new password.
import { acorn, birch, OwnDemo } from '../fixtures/demo.ts';
import { accessible, expect, test } from '../fixtures/test.ts';
import { Walk } from '../fixtures/walk.ts';

const NEW = 'seven brass otters hum';

test('a lock is lifted and the password stays @plain @phone @arabic @dark', async ({ page, walk }) => {
  const person = await acorn.person('locked@acorn.example');
  await walk.open(`${acorn.url}/reset`);
  await accessible(page);
  await page.locator('input[name="intent"][value="unlock"]').check();
  await walk.identifyHere(acorn, 'not a name');
  await walk.refused('username-form');
  await expect(page.locator('input[name="intent"][value="unlock"]')).toBeChecked();
  await walk.identifyHere(acorn, person.username);
  await walk.passApp(acorn, person);
  await walk.passMail(acorn, person);
  await walk.at('done');
  await accessible(page);
  await walk.signIn(acorn, person.username, person.password);
  await expect(page).toHaveURL(`${acorn.url}/`);
});

test('what is not locked is told so after the proofs', async ({ page, walk }) => {
  const person = await acorn.person('user@acorn.example');
  await walk.open(`${acorn.url}/reset`);
  await page.locator('input[name="intent"][value="unlock"]').check();
  await walk.identifyHere(acorn, person.username);
  await walk.passApp(acorn, person);
  await walk.passMail(acorn, person);
  await walk.at('stopped');
  await expect(page.locator('main')).toHaveAttribute('data-refusal', 'not-locked');
  await accessible(page);
});

test('a forgotten password is reset, in explicit mode @plain @phone @arabic @dark', async ({ page, walk, scripts }) => {
  const person = await acorn.person('user@acorn.example');
  await walk.open(`${acorn.url}/reset`);
  await walk.at('identify');
  await accessible(page);
  const loads: string[] = [];
  page.on('request', (request) => request.isNavigationRequest() && loads.push(request.url()));
  await walk.identifyHere(acorn, person.username);
  await walk.at('choose');
  await expect(page.locator('main')).toContainText('u•••@m•••.example');
  await accessible(page);
  await walk.passMail(acorn, person);
  await walk.at('choose');
  await walk.choose('app_code');
  await accessible(page);
  await walk.code(await acorn.appCode(person));
  await walk.at('password');
  await expect(page.locator('main')).toContainText(person.username);
  await accessible(page);
  const before = await acorn.newest();
  await walk.password(NEW);
  await walk.at('done');
  await accessible(page);
  expect(new URL(page.url()).pathname).toBe('/reset');
  if (scripts) expect(loads, 'no page load between steps').toEqual([]);
  for (const mailbox of person.emails) {
    await acorn.message((m) => m.to === mailbox && m.context === 'password-reset', before);
  }
  await walk.signIn(acorn, person.username, person.password);
  await walk.refused('sign-in-failed');
  await walk.signIn(acorn, person.username, NEW);
  await expect(page).toHaveURL(`${acorn.url}/`);
  await expect(page.locator('main')).toContainText(person.username);
  await accessible(page);
});

test('a forgotten password is reset, in discreet mode @plain @phone @arabic', async ({ page, walk }) => {
  const person = await birch.person('user@birch.example');
  await walk.identify(birch, person.username);
  await walk.at('choose');
  await expect(page.locator('main')).not.toContainText('•••');
  await walk.choose('email');
  await expect(walk.field('destination')).toBeVisible();
  await accessible(page);
  await page.locator('form').filter({ has: page.locator('button[name="method"][value=""]') }).locator('button').click();
  await walk.passMail(birch, person);
  await walk.password(NEW);
  await walk.at('done');
  await walk.signIn(birch, person.username, NEW);
  await expect(page).toHaveURL(`${birch.url}/`);
});

test('answers to questions and a code of the app get back in @plain @phone @arabic', async ({ page, walk }) => {
  const person = await acorn.person('user@acorn.example');
  await walk.identify(acorn, person.username);
  await walk.choose('questions');
  await accessible(page);
  await walk.send(page.locator('input[data-question]').first());
  await walk.refused('answer-missing');
  await walk.answers(person, true);
  await walk.refused('answers-wrong');
  await accessible(page);
  await walk.answers(person);
  await walk.passApp(acorn, person);
  await walk.password('seven brass otters hum');
  await walk.at('done');
});

test('in discreet mode an unknown name walks the same pages @plain', async ({ page, walk }) => {
  await walk.identify(birch, `nobody-${Date.now()}@birch.example`);
  await walk.choose('email');
  await walk.field('destination').fill('nobody@mail.example');
  await walk.send(page.locator('input[name="destination"]'));
  await expect(walk.field('code')).toBeVisible();
  await walk.code('000000');
  await walk.refused('code-wrong');
});

test('each refusal at identify says why and keeps the name @plain', async ({ page, walk }) => {
  for (const [name, code] of [
    ['nobody@acorn.example', 'user-unknown'],
    ['disabled@acorn.example', 'user-unknown'],
    ['a b', 'username-form'],
    ['', 'username-missing'],
  ] as const) {
    await walk.identify(acorn, name);
    await walk.refused(code);
    await walk.at('identify');
    await expect(walk.field('username')).toHaveValue(name);
    await accessible(page);
  }
});

test('each dead end says why and what to do @plain', async ({ page, walk, context }) => {
  for (const name of ['outsider@acorn.example', 'new@acorn.example']) {
    await context.clearCookies();
    await walk.identify(acorn, name);
    await walk.at('stopped');
    await expect(page.locator('main').getByRole('link').first()).toBeVisible();
    await accessible(page);
  }
});

test('a wrong picture asks for a new one', async ({ browser }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const plain = new Walk(await context.newPage(), false);
  await plain.open(`${acorn.url}/reset`);
  await plain.field('username').fill('user@acorn.example');
  await plain.field('captcha_answer').fill('000000');
  await plain.send(plain.page.locator('input[name="username"]'));
  await plain.refused('captcha-wrong');
  await expect(plain.field('username')).toHaveValue('user@acorn.example');
  await context.close();
});

test('five wrong codes stop the flow @plain', async ({ page, walk }) => {
  const person = await acorn.person('user@acorn.example');
  await walk.identify(acorn, person.username);
  await walk.choose('app_code');
  for (let n = 0; n < 4; n += 1) {
    await walk.code('000000');
    await walk.refused('code-wrong');
    await expect(walk.field('code')).toHaveValue('');
  }
  await accessible(page);
  await walk.code('000000');
  await walk.at('stopped');
  await accessible(page);
});

test('passwords that break a rule are refused, and the gates stay passed @plain', async ({ page, walk }) => {
  const person = await birch.person('user@birch.example');
  await walk.identify(birch, person.username);
  await walk.passApp(birch, person);
  for (const [password, repeated, code] of [
    ['short', 'short', 'pw-short'],
    ['birch and more birch', 'birch and more birch', 'pw-name'],
    ['passwordpassword', 'passwordpassword', 'pw-banned'],
    [NEW, 'something else here', 'pw-mismatch'],
  ] as const) {
    await walk.password(password, repeated);
    await walk.refused(code);
    await expect(walk.field('new_password')).toHaveValue('');
  }
  await accessible(page);
  await walk.password(NEW);
  await walk.at('done');
});

test('back and reload never lose or repeat anything @plain', async ({ page, walk }) => {
  const person = await acorn.person('user@acorn.example');
  const mailbox = person.emails.at(-1) ?? '';
  await walk.identify(acorn, person.username);
  await walk.choose('email');
  await acorn.code(mailbox);
  await page.reload();
  await walk.at('prove');
  await page.goto(`${acorn.url}/signin`);
  await page.goBack();
  await walk.ready();
  await walk.at('prove');
  const sent = (await acorn.messages()).filter((m) => m.to === mailbox && m.context === 'reset-code');
  expect(sent).toHaveLength(1);
});

test('a second tab shows where the flow is', async ({ walk, context }) => {
  const person = await acorn.person('user@acorn.example');
  await walk.identify(acorn, person.username);
  await walk.choose('app_code');
  const second = new Walk(await context.newPage(), true);
  await second.open(`${acorn.url}/reset`);
  await second.at('prove');
  await second.code(await acorn.appCode(person));
  await second.at('choose');
  await walk.code('123456');
  await walk.refused('stale');
  await walk.at('choose');
});

test('leaving changes nothing and says so @plain', async ({ page, walk }) => {
  const person = await acorn.person('user@acorn.example');
  await walk.identify(acorn, person.username);
  await walk.at('choose');
  await page.locator('form[action="/fn/public/reset-cancel"] button').click();
  await walk.at('stopped');
  await accessible(page);
});

test('without cookies the page says what to do', async ({ page, walk }) => {
  await walk.open(`${acorn.url}/reset?started`);
  await walk.at('stopped');
  await accessible(page);
  await expect(page.locator('main')).toContainText('cookies');
});

test('an expired flow says so, and a wait stands in for the picture', async ({ page, scripts }) => {
  const own = await OwnDemo.start();
  try {
    const walk = new Walk(page, scripts);
    await walk.identify(own.acorn, 'user@acorn.example');
    await walk.choose('app_code');
    await own.acorn.advance(15 * 60);
    await page.reload();
    await walk.ready();
    await walk.at('stopped');
    await accessible(page);

    const context = await page.context().browser()?.newContext({ javaScriptEnabled: false });
    const plain = new Walk((await context?.newPage()) ?? page, false);
    await plain.open(`${own.acorn.url}/reset`);
    await plain.field('username').fill('user@acorn.example');
    await plain.page.locator('button[name="captcha_wait"]').click();
    await plain.at('identify');
    await plain.page.locator('button[name="captcha_wait"]').click();
    await plain.refused('wait');
    await own.acorn.advance(31);
    await plain.page.locator('button[name="captcha_wait"]').click();
    await plain.at('choose');
    await context?.close();
  } finally {
    await own.stop();
  }
});
