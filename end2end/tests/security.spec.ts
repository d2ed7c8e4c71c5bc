// Registering one's own methods: proved anew, added by using it once, named, removed.
import { acorn, OwnDemo } from '../fixtures/demo.ts';
import type { Locator } from '@playwright/test';
import { accessible, expect, test } from '../fixtures/test.ts';

const NEW = 'seven brass otters hum';

/** Unfolds what can be done with a method; with scripts it stays unfolded after an act. */
async function unfold(method: Locator): Promise<void> {
  if (!(await method.locator('button.second').first().isVisible())) await method.locator('summary').click();
}

test('a newcomer registers an app and a mailbox, and resets with both @plain @phone @arabic @dark', async ({ page, walk }) => {
  const own = await OwnDemo.start();
  try {
    const person = await own.acorn.person('new@acorn.example');
    await walk.security(own.acorn, person);
    await accessible(page);
    const secret = await walk.addApp(own.acorn);
    await accessible(page);
    const address = `${person.username.split('@')[0]}@mail.example`;
    await walk.addMail(own.acorn, address);
    await expect(page.locator('.method')).toHaveCount(2);
    await accessible(page);

    // The code that registered the app is spent, and a mailbox gets one message in half a minute.
    await own.acorn.advance(31);
    await page.context().clearCookies();
    const registered = { ...person, totp_secret: secret, emails: [...person.emails, address] };
    await walk.identify(own.acorn, person.username);
    await walk.passMail(own.acorn, registered);
    await walk.passApp(own.acorn, registered);
    await walk.password(NEW);
    await walk.at('done');
  } finally {
    await own.stop();
  }
});

test('each step of the page is told what is wrong with it, and nothing is lost @plain @phone', async ({ page, walk }) => {
  const person = await acorn.person('user@acorn.example');
  await walk.signIn(acorn, person.username, person.password);
  await expect(page).toHaveURL(`${acorn.url}/`);
  await walk.open(`${acorn.url}/security-info`);
  await walk.at('confirm');
  await accessible(page);
  await walk.press('/fn/user/security-confirm');
  await walk.choose('app_code');
  await walk.code('000000');
  await walk.refused('code-wrong');
  await walk.code(await acorn.appCode(person));
  await walk.at('methods');
  await walk.press('/fn/user/security-add', 'email');
  await walk.field('destination').fill('me@acorn.example');
  await walk.send(page.locator('input[name="destination"]'));
  await walk.refused('destination-own');
  await expect(walk.field('destination')).toHaveValue('me@acorn.example');
  await accessible(page);
  await walk.field('destination').fill(`fresh-${person.username.split('@')[0]}@mail.example`);
  await walk.send(page.locator('input[name="destination"]'));
  await expect(walk.field('code')).toBeVisible();
  await walk.code('000000');
  await walk.refused('code-wrong');
  await accessible(page);
  await walk.press('/fn/user/security-leave');
  await walk.at('methods');
});

test('questions are chosen and answered all at once @plain @phone @arabic', async ({ page, walk }) => {
  const person = await acorn.person('new@acorn.example');
  await walk.security(acorn, person);
  await walk.add('questions');
  await accessible(page);
  const answers = ['behind the stove', 'in the maize', 'x', 'the blue lamp', 'Mister Oats'];
  const fill = async (texts: string[]) => {
    for (const [n, text] of texts.entries()) await walk.field(`answer_${n + 1}`).fill(text);
    await walk.send(page.locator('input[name="answer_1"]'));
  };
  for (const n of [1, 2, 3, 4]) await page.locator(`select[name="question_${n}"]`).selectOption({ index: n });
  await page.locator('select[name="question_5"]').selectOption({ index: 9 });
  await fill(answers);
  await walk.refused('answer-short');
  await accessible(page);
  await expect(page.locator('select[name="question_5"]')).toHaveJSProperty('selectedIndex', 9);
  await fill(answers.map((text) => (text === 'x' ? 'a tin whistle' : text)));
  await walk.at('methods');
  await expect(page.locator('.method')).toHaveCount(1);

  // Others take their place, and nothing that was answered is shown.
  await expect(page.locator('form.choices button[value="questions"]')).toHaveCount(0);
  await unfold(page.locator('.method'));
  await accessible(page);
  await page.locator('.method button[name="kind"][value="questions"]').click();
  await walk.ready();
  await expect(walk.field('answer_1')).toHaveValue('');
  for (const n of [1, 2, 3, 4, 5]) await page.locator(`select[name="question_${n}"]`).selectOption({ index: n + 1 });
  await fill(['under the bridge', 'a red kite', 'two wet dogs', 'the tall ladder', 'Missis Rye']);
  await walk.at('methods');
  await expect(page.locator('main .note.good')).toBeVisible();
  await expect(page.locator('.method')).toHaveCount(1);
});

test('a method gets a name, is asked for first, and is removed @plain', async ({ page, walk }) => {
  const person = await acorn.person('user@acorn.example');
  await walk.security(acorn, person);
  const mail = page.locator('.method').filter({ hasText: '@m•••.example' });
  await unfold(mail);
  await walk.field('name').fill('Home mailbox');
  await mail.getByRole('button', { name: 'Save the name' }).click();
  await walk.at('methods');
  const named = page.locator('.method').filter({ hasText: 'Home mailbox' });
  await expect(named).toBeVisible();
  await unfold(named);
  await accessible(page);
  await named.locator('button[value="prefer"]').click();
  await expect(page.locator('.method').first()).toContainText('Home mailbox');
  const before = await acorn.newest();
  await unfold(named);
  await named.locator('button[value="remove"]').click();
  await expect(named).toHaveCount(0);
  const told = await acorn.message((message) => message.context === 'methods-changed', before);
  expect(told.text).toContain('Home mailbox');
});

test('whoever is not signed in is sent to sign in @plain', async ({ walk }) => {
  await walk.open(`${acorn.url}/security-info`);
  await walk.at('signin');
});
