// Phones: text messages, WhatsApp, calls to mobile and office; in a reset and when they are registered.
import { acorn, birch, OwnDemo } from '../fixtures/demo.ts';
import { accessible, expect, test } from '../fixtures/test.ts';

const NEW = 'seven brass otters hum';

test('a text message and a call to the office get back in @plain @phone @arabic @dark', async ({ page, walk }) => {
  const person = await acorn.person('user@acorn.example');
  const [mobile, office] = [person.mobile ?? '', person.office ?? ''];
  await walk.identify(acorn, person.username);
  await walk.choose('mobile_sms');
  await expect(page.locator('main')).toContainText(`•• ••${mobile.slice(-2)}`.slice(3));
  await accessible(page);
  await walk.number('+1 201 555 0199');
  await walk.refused('destination-mismatch');
  await accessible(page);
  const before = await acorn.newest();
  await walk.number(`${mobile.slice(2, 5)}-${mobile.slice(5, 8)}-${mobile.slice(8)}`);
  await expect(walk.field('code')).toBeVisible();
  await accessible(page);
  await walk.code(await acorn.phoneCode(mobile, 'sms', before));
  await walk.at('choose');
  await expect(page.locator('button[value="mobile_call"]')).toHaveCount(0);
  await walk.choose('office_call');
  const called = await acorn.newest();
  await walk.number(office);
  await expect(page.locator('h1')).toBeVisible();
  await accessible(page);
  const said = await acorn.answerCall(office, '#', called);
  expect(said.length).toBe(1);
  await walk.collect('/fn/public/reset-prove');
  await walk.password(NEW);
  await walk.at('done');
});

test('a message by WhatsApp and the app get back in @plain', async ({ walk }) => {
  const person = await acorn.person('user@acorn.example');
  await walk.identify(acorn, person.username);
  await walk.passText(acorn, 'mobile_whatsapp', person.mobile ?? '');
  await walk.passApp(acorn, person);
  await walk.password(NEW);
  await walk.at('done');
});

test('a call that nobody takes and one that is reported are told apart @plain @phone', async ({ page, walk }) => {
  const person = await acorn.person('user@acorn.example');
  const [mobile, office] = [person.mobile ?? '', person.office ?? ''];
  await walk.identify(acorn, person.username);
  let before = await acorn.newest();
  await walk.choose('mobile_call');
  await walk.number(mobile);
  await acorn.answerCall(mobile, '', before);
  await walk.collect('/fn/public/reset-prove');
  await walk.refused('call-ended');
  await walk.at('choose');
  await accessible(page);
  before = await acorn.newest();
  await walk.choose('office_call');
  await walk.number(office);
  await acorn.answerCall(office, '9#', before);
  await walk.collect('/fn/public/reset-prove');
  await walk.at('stopped');
  await expect(page.locator('main')).toHaveAttribute('data-refusal', 'call-ended');
  await accessible(page);
  await acorn.message((m) => m.to === person.emails[0] && m.context === 'reported', before);
});

test('where nothing is told a call shows nothing but that it may ring @plain @arabic', async ({ page, walk }) => {
  const person = await birch.person('user@birch.example');
  await walk.identify(birch, person.username);
  await walk.choose('mobile_call');
  await expect(page.locator('main')).not.toContainText('••');
  await walk.number('+1 201 555 0199');
  await walk.at('prove');
  await expect(walk.field('destination')).toHaveCount(0);
  await accessible(page);
  await page.locator('button[name="method"][value=""]').click();
  await walk.passCall(birch, 'office_call', person.office ?? '');
  await walk.password(NEW);
  await walk.at('done');
});

test('a newcomer registers a mobile and an office phone, and resets with both @plain @phone @arabic', async ({ page, walk }) => {
  const own = await OwnDemo.start();
  try {
    const person = await own.acorn.person('new@acorn.example');
    await walk.security(own.acorn, person);
    await walk.add('mobile');
    await accessible(page);
    await walk.number('+1 900 555 0100');
    await walk.refused('number-unfit');
    await accessible(page);
    let before = await own.acorn.newest();
    await walk.number('(212) 555-0142');
    await expect(walk.field('code')).toBeVisible();
    await accessible(page);
    await walk.code(await own.acorn.phoneCode('+12125550142', 'sms', before));
    await walk.at('methods');
    await walk.add('office');
    before = await own.acorn.newest();
    await walk.number('212 555 0143 ext. 7');
    await walk.at('enrol');
    await expect(page.locator('main')).toContainText('0143');
    await accessible(page);
    await own.acorn.answerCall('+12125550143;ext=7', '#', before);
    await walk.collect('/fn/user/security-enrol');
    await walk.at('methods');
    await expect(page.locator('.method')).toHaveCount(2);
    await accessible(page);
    await own.acorn.advance(31);
    await page.context().clearCookies();
    await walk.identify(own.acorn, person.username);
    await walk.passText(own.acorn, 'mobile_sms', '+12125550142');
    await walk.passCall(own.acorn, 'office_call', '+12125550143;ext=7');
    await walk.password(NEW);
    await walk.at('done');
  } finally {
    await own.stop();
  }
});

test('a phone proves who is signed in before methods change @plain', async ({ page, walk }) => {
  const own = await OwnDemo.start();
  try {
    const person = await own.acorn.person('user@acorn.example');
    await walk.signIn(own.acorn, person.username, person.password);
    await expect(page).toHaveURL(`${own.acorn.url}/`);
    await walk.open(`${own.acorn.url}/security-info`);
    await walk.press('/fn/user/security-confirm');
    const before = await own.acorn.newest();
    await walk.choose('office_call');
    await accessible(page);
    await walk.number(person.office ?? '');
    await accessible(page);
    await own.acorn.answerCall(person.office ?? '', '#', before);
    await walk.collect('/fn/user/security-prove');
    await walk.at('methods');
  } finally {
    await own.stop();
  }
});
