// The console's users and groups: found, helped, made, imported, and put into groups.
import { acorn, type Demo } from '../fixtures/demo.ts';
import { accessible, expect, test } from '../fixtures/test.ts';
import { type Walk } from '../fixtures/walk.ts';

/** Presses the button of the form that posts to an address. */
async function press(walk: Walk, action: string): Promise<void> {
  await walk.page.locator(`form[action="/fn/admin/${action}"] button:visible`).first().click();
  await walk.ready();
}

/** Finds somebody, and opens their record. */
async function openPerson(walk: Walk, demo: Demo, username: string): Promise<void> {
  await walk.open(`${demo.url}/console/users`);
  await walk.field('find').fill(username);
  await press(walk, 'people-find');
  await walk.page.locator('form[action="/fn/admin/person-open"] button').filter({ hasText: username }).click();
  await walk.ready();
  await expect(walk.page.locator('main')).toHaveAttribute('data-step', 'person');
}

/** Has the text of a file looked at. */
async function check(walk: Walk): Promise<void> {
  await walk.page.locator('form:has(textarea) button').click();
  await walk.ready();
}

async function narrow(walk: Walk): Promise<void> {
  const wide = await walk.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(wide, 'does not scroll sideways').toBeLessThanOrEqual(0);
}

test('the helpdesk finds somebody, lifts a lock, and requires to register again @plain @phone @arabic @dark', async ({ page, walk }) => {
  const locked = await acorn.person('locked@acorn.example');
  await walk.staff(acorn, 'helpdesk@acorn.example');
  await walk.open(`${acorn.url}/console/users`);
  await expect(page.locator('a[href="/console/users/new"]')).toHaveCount(0);
  await accessible(page);
  await openPerson(walk, acorn, locked.username);
  await expect(page.locator('main .tag.warn').first()).toBeVisible();
  await expect(page.locator('main')).not.toContainText(locked.emails.at(-1) ?? '-');
  await accessible(page);
  await narrow(walk);
  await page.locator('a[href="/console/users/person?act=lift"]').click();
  await walk.ready();
  await accessible(page);
  await press(walk, 'person-act');
  await expect(page.locator('main .note.good').first()).toBeVisible();
  await expect(page.locator('a[href="/console/users/person?act=lift"]')).toHaveCount(0);

  await page.locator('a[href="/console/users/person?act=register-again"]').click();
  await walk.ready();
  await press(walk, 'person-act');
  await walk.refused('missing');
  await accessible(page);
  await walk.field('reason').fill('Phone lost, said so in person');
  const before = await acorn.newest();
  await press(walk, 'person-act');
  await expect(page.locator('main .note.good').first()).toBeVisible();
  await acorn.message((message) => message.context === 'by-staff' && message.to === locked.emails[0], before);
  await page.context().clearCookies();
  await walk.signIn(acorn, locked.username, locked.password);
  await expect(page).toHaveURL(`${acorn.url}/security-info`);
});

test('a one-time pass is shown once, and opens a reset beside a way of one’s own @plain @phone @arabic @dark', async ({ page, walk }) => {
  const person = await acorn.person('user@acorn.example');
  await walk.staff(acorn, 'helpdesk@acorn.example');
  await openPerson(walk, acorn, person.username);
  await page.locator('a[href="/console/users/person?act=one-time-pass"]').click();
  await walk.ready();
  await accessible(page);
  await press(walk, 'person-act');
  await walk.refused('missing');
  await walk.field('reason').fill('Phone lost, called back on the desk');
  const before = await acorn.newest();
  await page.locator('form[action="/fn/admin/person-act"] button:visible').first().click();
  await expect(page.locator('main')).toHaveAttribute('data-step', 'given');
  const pass = (await page.locator('.match bdi').textContent()) ?? '';
  expect(pass).toMatch(/^\d{4} \d{4} \d{4} \d{4}$/);
  expect(page.url()).not.toContain(pass.slice(0, 4));
  await expect(page.locator('main a.button')).toHaveCount(1);
  await accessible(page);
  await narrow(walk);
  await page.locator('main a.button').click();
  await walk.ready();
  await expect(page.locator('main')).toHaveAttribute('data-step', 'person');
  await expect(page.locator('main .note.good').first()).toBeVisible();
  expect(await page.content(), 'no page that can be loaded again shows it').not.toContain(pass);
  await accessible(page);
  await acorn.message((message) => message.context === 'by-staff' && message.to === person.emails[0], before);
  await page.context().clearCookies();

  await walk.identify(acorn, person.username);
  await walk.at('choose');
  await accessible(page);
  await narrow(walk);
  await walk.choose('one_time_pass');
  await accessible(page);
  await expect(page.locator('input[name="code"]')).toHaveAttribute('autocomplete', 'one-time-code');
  await walk.code('0000-0000-0000-0000');
  await walk.refused('pass-wrong');
  await accessible(page);
  await walk.code(pass.replaceAll(/\d/g, (digit) => String.fromCodePoint(0x0660 + Number(digit))));
  await walk.at('choose');
  await expect(page.locator('button[value="one_time_pass"]')).toHaveCount(0);
  await walk.passApp(acorn, person);
  await walk.password('seven brass otters hum');
  await walk.at('done');
  await walk.signIn(acorn, person.username, 'seven brass otters hum');
  await expect(page).toHaveURL(`${acorn.url}/`);
});

test('whoever has nothing beside the pass is told what to do @plain @arabic', async ({ page, walk }) => {
  const person = await acorn.person('new@acorn.example');
  await walk.staff(acorn, 'helpdesk@acorn.example');
  await openPerson(walk, acorn, person.username);
  await page.locator('a[href="/console/users/person?act=one-time-pass"]').click();
  await walk.ready();
  await expect(page.locator('main .note.warn').first()).toBeVisible();
  await walk.field('reason').fill('First day');
  await page.locator('form[action="/fn/admin/person-act"] button:visible').first().click();
  const pass = (await page.locator('.match bdi').textContent()) ?? '';
  await page.context().clearCookies();
  await walk.identify(acorn, person.username);
  await walk.choose('one_time_pass');
  await walk.code(pass);
  await walk.at('stopped');
  await expect(page.locator('main')).toHaveAttribute('data-refusal', 'pass-alone');
  await accessible(page);
});

test('a global administrator makes somebody, gives a role, and switches the account off @plain @phone @arabic', async ({ page, walk }) => {
  await walk.staff(acorn, 'admin@acorn.example');
  const name = `ada.${crypto.randomUUID().slice(0, 8)}`;
  await walk.open(`${acorn.url}/console/users/new`);
  await accessible(page);
  await walk.field('user_name').fill(name);
  await walk.field('given_name').fill('Ada');
  await walk.field('alternate_mail').fill(`${name}@acorn.example`);
  await press(walk, 'person-create');
  await walk.refused('mail-own');
  await expect(walk.field('given_name')).toHaveValue('Ada');
  await accessible(page);
  await walk.field('alternate_mail').fill(`${name}@mail.example`);
  await press(walk, 'person-create');
  await expect(page.locator('main .note.good').first()).toBeVisible();
  await expect(page.locator('main')).toContainText(`${name}@acorn.example`);

  await page.locator('a[href="/console/users/person?act=roles"]').click();
  await walk.ready();
  await expect(page.locator('main .note.warn').first()).toBeVisible();
  await page.locator('input[name="auditor"]').check();
  await accessible(page);
  await press(walk, 'person-act');
  await expect(page.locator('main .note.good').first()).toBeVisible();
  await page.locator('a[href="/console/users/person?act=disable"]').click();
  await walk.ready();
  await press(walk, 'person-act');
  await expect(page.locator('main .tag.bad').first()).toBeVisible();
  await accessible(page);
});

test('a file is looked at before it makes anybody @plain @phone @arabic', async ({ page, walk }) => {
  await walk.staff(acorn, 'admin@acorn.example');
  const name = `bo.${crypto.randomUUID().slice(0, 8)}`;
  await walk.open(`${acorn.url}/console/users/import`);
  await accessible(page);
  const area = page.locator('textarea[name="csv"]');
  await area.fill(`user_name,alternate_mail,shoe\n${name},${name}@mail.example,42\n${name},,\n`);
  await check(walk);
  await walk.refused('lines');
  await expect(page.locator('.people li')).toHaveCount(1);
  await accessible(page);
  await narrow(walk);
  await area.fill(`user_name,alternate_mail\n${name},${name}@mail.example\nuser,\n`);
  await check(walk);
  await expect(page.locator('main .figure').first()).toHaveText('1');
  await press(walk, 'import');
  await expect(page.locator('main .note.good').first()).toBeVisible();
  await openPerson(walk, acorn, `${name}@acorn.example`);
});

test('a file is chosen where scripts run', async ({ page, walk }) => {
  test.skip(!walk.scripts);
  await walk.staff(acorn, 'admin@acorn.example');
  await walk.open(`${acorn.url}/console/users/import`);
  const buffer = Buffer.from('user_name\nuser\n');
  await page.locator('input[type="file"]').setInputFiles({ name: 'people.csv', mimeType: 'text/csv', buffer });
  await expect(page.locator('textarea[name="csv"]')).toHaveValue('user_name\nuser\n');
});

test('a group is made, filled and nested @plain @phone @arabic', async ({ page, walk }) => {
  const user = await acorn.person('outsider@acorn.example');
  await walk.staff(acorn, 'admin@acorn.example');
  const [inner, outer] = ['Inner', 'Outer'].map((name) => `${name} ${crypto.randomUUID().slice(0, 8)}`) as [string, string];
  for (const name of [inner, outer]) {
    await walk.open(`${acorn.url}/console/groups`);
    await walk.field('name').fill(name);
    await press(walk, 'group-create');
    await expect(page.locator('h1')).toContainText(name);
  }
  await accessible(page);
  await walk.field('who').fill('nobody');
  await page.locator('form:has(input[name="who"]) button:visible').click();
  await walk.ready();
  await walk.refused('person-unknown');
  await walk.field('who').fill(user.username);
  await page.locator('form:has(input[name="who"]) button:visible').click();
  await walk.ready();
  await expect(page.locator('.rows')).toContainText([user.username]);
  await page.locator('select[name="who"]').selectOption({ label: inner });
  await page.locator('form:has(select) button').click();
  await walk.ready();
  await expect(page.locator('main')).toContainText(inner);
  await accessible(page);
  await narrow(walk);
  await walk.open(`${acorn.url}/console/groups`);
  await accessible(page);
  await page.locator('form[action="/fn/admin/group-open"] button').filter({ hasText: 'Pilot' }).click();
  await walk.ready();
  await expect(page.locator('input[name="act"][value="remove"]')).toHaveCount(0);
});
