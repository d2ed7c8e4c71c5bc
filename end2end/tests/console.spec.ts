// The console: the pages of the policy, what a change would do before it is saved, versions, and who may.
import { OwnDemo, acorn } from '../fixtures/demo.ts';
import { accessible, expect, test } from '../fixtures/test.ts';
import { type Walk } from '../fixtures/walk.ts';

const PAGES = [
  'properties', 'authentication-methods', 'registration', 'notifications', 'customization',
  'on-premises-integration', 'administrator-policy', 'password-protection', 'methods-policy', 'versions',
];

const path = (page: string) => {
  if (page === 'methods-policy') return '/console/authentication-methods';
  return `/console/${page === 'password-protection' ? '' : 'password-reset/'}${page}`;
};

/** Presses the button of the page's own form, or of one that posts to an address. */
async function press(walk: Walk, action: string): Promise<void> {
  await walk.page.locator(`form[action="/fn/admin/${action}"] button:visible`).last().click();
  await walk.ready();
}

test('every page of the policy says where one is and what it does @plain @phone @arabic @dark', async ({ page, walk }) => {
  await walk.staff(acorn, 'policy@acorn.example');
  await walk.open(`${acorn.url}/console`);
  await accessible(page);
  for (const name of PAGES) {
    await walk.open(acorn.url + path(name));
    await expect(page.locator('main')).toHaveAttribute('data-step', name);
    await expect(page.locator(`nav a[href="${path(name)}"]`)).toHaveAttribute('aria-current', 'page');
    await expect(page.locator('h1')).not.toBeEmpty();
    await accessible(page);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(wide, `${name} does not scroll sideways`).toBeLessThanOrEqual(0);
  }
});

test('a change shows whom it touches, is saved as it was seen, and is undone @plain @phone @arabic', async ({ page, walk }) => {
  const own = await OwnDemo.start();
  try {
    const user = await own.acorn.person('user@acorn.example');
    await walk.staff(own.acorn, 'policy@acorn.example');
    await walk.open(own.acorn.url + path('properties'));
    await page.locator('input[name="scope"][value="none"]').check();
    await press(walk, 'policy-properties');
    await expect(page.locator('.panel .figure').first()).not.toHaveText('0');
    await page.locator('.panel summary').first().click();
    await expect(page.locator('.people')).toContainText(user.username);
    await accessible(page);
    // Nothing counts yet.
    await walk.open(own.acorn.url + path('notifications'));
    await expect(page.locator('main .note.warn')).toHaveCount(0);
    await walk.open(own.acorn.url + path('properties'));
    await press(walk, 'policy-save');
    await expect(page.locator('main .note.good')).toBeVisible();
    await expect(page.locator('input[name="scope"][value="none"]')).toBeChecked();
    await accessible(page);

    // The set-up's first version named no group yet: it is not one to go back to, and says why.
    await walk.open(own.acorn.url + path('versions'));
    await press(walk, 'policy-back');
    await walk.refused('groups-missing');
    await accessible(page);
    await press(walk, 'policy-discard');
    await page.locator('form[action="/fn/admin/policy-back"] button').first().click();
    await walk.ready();
    await press(walk, 'policy-save');
    await expect(page.locator('main .note.good')).toBeVisible();
    await walk.open(own.acorn.url + path('properties'));
    await expect(page.locator('input[name="scope"]:checked')).not.toHaveValue('none');
  } finally {
    await own.stop();
  }
});

test('what is wrong is said at its setting, and nothing typed is lost @plain @phone', async ({ page, walk }) => {
  await walk.staff(acorn, 'policy@acorn.example');
  await walk.open(acorn.url + path('properties'));
  await page.locator('textarea[name="groups"]').fill('Pilot\nNobody’s');
  await press(walk, 'policy-properties');
  await walk.refused('group-unknown');
  await expect(page.locator('#groups-why')).toContainText('Nobody’s');
  await expect(page.locator('textarea[name="groups"]')).toHaveValue('Pilot\nNobody’s');
  await expect(page.locator('form[action="/fn/admin/policy-save"]')).toHaveCount(0);
  await accessible(page);
  await press(walk, 'policy-discard');
  await expect(page.locator('textarea[name="groups"]')).toHaveValue('Pilot');
});

test('passwords expire as the console sets it, and people are told ahead @plain @phone', async ({ page, walk }) => {
  const own = await OwnDemo.start();
  try {
    await walk.staff(own.acorn, 'policy@acorn.example');
    await walk.open(own.acorn.url + path('password-protection'));
    await page.locator('textarea[name="custom_terms"]').fill('Acorns\nOak');
    await press(walk, 'policy-password-protection');
    await walk.refused('term-length');
    await expect(page.locator('#custom_terms-why')).toContainText('2');
    await accessible(page);
    // The demo's passwords are a hundred days old.
    await page.locator('textarea[name="custom_terms"]').fill('Acorns\nAc0rns\nHarbour');
    await page.locator('input[name="enforce_custom"]').check();
    await page.locator('input[name="expiry_days"]').fill('110');
    await press(walk, 'policy-password-protection');
    await expect(page.locator('aside .note.warn')).toHaveCount(1);
    await accessible(page);
    await press(walk, 'policy-save');
    await expect(page.locator('main .note.good')).toBeVisible();
    await expect(page.locator('textarea[name="custom_terms"]')).toHaveValue('Acorns\nHarbour');

    await page.context().clearCookies();
    const user = await own.acorn.person('user@acorn.example');
    await walk.signIn(own.acorn, user.username, user.password);
    await expect(page).toHaveURL(`${own.acorn.url}/`);
    await expect(page.locator('main .note.warn')).toContainText(/\d{4}/);
    await accessible(page);
    await page.context().clearCookies();
    await own.acorn.advance(11 * 86_400);
    await walk.signIn(own.acorn, user.username, user.password);
    await expect(page).toHaveURL(/change-password/);
  } finally {
    await own.stop();
  }
});

test('questions are picked and written, and countries named, each with what is wrong @plain @phone @arabic', async ({ page, walk }) => {
  await walk.staff(acorn, 'policy@acorn.example');
  await walk.open(acorn.url + path('authentication-methods'));
  const picks = page.locator('fieldset', { has: page.locator('input[name="toy_name"]') });
  await picks.locator('summary').click();
  await picks.locator('input[name="toy_name"]').uncheck();
  await page.locator('textarea[name="questions_own"]').fill('Which harbour?\nwhich HARBOUR');
  await page.locator('textarea[name="phone_countries"]').fill('GB\nUK');
  await press(walk, 'policy-authentication-methods');
  await walk.refused('country-unknown');
  await expect(page.locator('#phone_countries-why')).toContainText('UK');
  await page.locator('textarea[name="phone_countries"]').fill('GB\nUS');
  await press(walk, 'policy-authentication-methods');
  await walk.refused('question-alike');
  await accessible(page);
  await page.locator('textarea[name="questions_own"]').fill('Which harbour?\nWhich cape?');
  await press(walk, 'policy-authentication-methods');
  await expect(page.locator('.panel dl dt')).toHaveCount(3);
  await expect(page.locator('.panel dl')).toContainText('Which cape?');
  await accessible(page);
  await press(walk, 'policy-discard');
});

test('where requests for help are not passed on, none is offered @plain @phone @arabic', async ({ page, walk }) => {
  const own = await OwnDemo.start();
  try {
    const user = await own.acorn.person('user@acorn.example');
    await walk.staff(own.acorn, 'brand@acorn.example');
    await walk.open(own.acorn.url + path('customization'));
    await page.locator('input[name="help_custom"]').uncheck();
    await page.locator('input[name="help_mail"]').uncheck();
    await press(walk, 'policy-customization');
    await expect(page.locator('.panel dl dt')).toHaveCount(3);
    await press(walk, 'policy-save');
    await expect(page.locator('main .note.good')).toBeVisible();
    await expect(page.locator('input[name="help_mail"]')).not.toBeChecked();
    await accessible(page);

    await page.context().clearCookies();
    await walk.identify(own.acorn, user.username);
    await expect(page.locator('form[action="/fn/public/reset-help"]')).toHaveCount(0);
    await page.locator('main details.more > summary').last().click();
    await expect(page.locator('main details.more .note')).toBeVisible();
    await accessible(page);
  } finally {
    await own.stop();
  }
});

test('a brand owner sees the helpdesk link alone, and the others nothing of the policy @plain', async ({ page, walk }) => {
  for (const [like, may] of [['brand@acorn.example', 1], ['helpdesk@acorn.example', 0], ['auditor@acorn.example', 0]] as const) {
    await walk.staff(acorn, like);
    await walk.open(`${acorn.url}/console`);
    await expect(page.locator('nav a[href^="/console/password-reset/"]')).toHaveCount(may);
    await walk.open(acorn.url + path('properties'));
    await expect(page.locator('main')).toHaveAttribute('data-step', 'forbidden');
    await accessible(page);
    await page.context().clearCookies();
  }
});

test('the doctor says step by step what the wizard would do @plain @phone @arabic @dark', async ({ page, walk }) => {
  await walk.staff(acorn, 'helpdesk@acorn.example');
  await walk.open(`${acorn.url}/console/doctor`);
  for (const [like, tone] of [['user@acorn.example', 'good'], ['outsider@acorn.example', 'bad']] as const) {
    const whom = await acorn.person(like);
    await page.locator('input[name="username"]').fill(whom.username);
    await press(walk, 'doctor');
    await expect(page.locator(`main .note.${tone}`)).toContainText(whom.username);
    await expect(page.locator('.steps-of li')).not.toHaveCount(0);
    await expect(page.locator('.steps-of li.ill')).toHaveCount(tone === 'good' ? 0 : 1);
    await accessible(page);
  }
  await page.locator('input[name="username"]').fill('no name at all');
  await press(walk, 'doctor');
  await walk.refused('username-form');
});

test('the guide proposes a methods policy, and a method for a group is its members’ alone @plain @phone @arabic @dark', async ({ page, walk }, info) => {
  const own = await OwnDemo.start();
  const shot = (name: string) => page.screenshot({ path: `../target/screenshots/${name}-${info.project.name}.png`, fullPage: true });
  try {
    const demo = own.acorn;
    const [member, other] = [await demo.person('user@acorn.example'), await demo.person('user@acorn.example')];
    await walk.staff(demo, 'admin@acorn.example');
    await walk.open(`${demo.url}/console/groups`);
    await walk.field('name').fill('Callers');
    await press(walk, 'group-create');
    await walk.field('who').fill(member.username);
    await page.locator('form:has(input[name="who"]) button:visible').click();
    await walk.ready();
    await expect(page.locator('.rows')).toContainText([member.username]);

    await walk.open(demo.url + path('methods-policy'));
    await expect(page.locator('input[name="methods_state"][value="in-progress"]')).toBeChecked();
    await accessible(page);
    await shot('methods-policy');
    await press(walk, 'policy-guide');
    await expect(page.locator('input[name="methods_state"][value="complete"]')).toBeChecked();
    await expect(page.locator('form[action="/fn/admin/policy-save"]')).toHaveCount(1);
    await accessible(page);

    // What it proposes is changed as anything else is, and what is wrong is said where it stands.
    const sms = page.locator('details', { has: page.locator('[name="methods_sms_groups"]') });
    await sms.locator('summary').click();
    await page.locator('textarea[name="methods_sms_groups"]').fill('Nobody’s');
    await press(walk, 'policy-methods-policy');
    await walk.refused('group-unknown');
    await expect(page.locator('#methods_sms_groups-why')).toContainText('Nobody’s');
    await accessible(page);
    await page.locator('textarea[name="methods_sms_groups"]').fill('Callers');
    await press(walk, 'policy-methods-policy');
    await expect(page.locator('.panel dl')).toContainText('Callers');
    await accessible(page);
    await shot('methods-policy-change');
    await press(walk, 'policy-save');
    await expect(page.locator('main .note.good')).toBeVisible();
    await expect(sms.locator('summary')).toContainText('Callers');
    await expect(page.locator('form[action="/fn/admin/policy-guide"]')).toHaveCount(0);

    await walk.open(demo.url + path('authentication-methods'));
    await expect(page.locator('input[name="mobile_sms"]')).toHaveCount(0);
    await expect(page.locator('input[name="questions"]')).toHaveCount(1);
    await expect(page.locator('aside a')).toHaveAttribute('href', path('methods-policy'));
    await accessible(page);
    await shot('methods-elsewhere');

    await walk.open(`${demo.url}/console/doctor`);
    await page.locator('input[name="username"]').fill(other.username);
    await press(walk, 'doctor');
    await expect(page.locator('main h3 + ul li')).toHaveCount(2);
    await accessible(page);
    await shot('methods-doctor');

    await page.context().clearCookies();
    for (const [person, n] of [[member, 1], [other, 0]] as const) {
      await walk.identify(demo, person.username);
      await walk.at('choose');
      await expect(page.locator('[name="method"][value="app_code"]')).toHaveCount(1);
      await expect(page.locator('[name="method"][value="mobile_sms"]')).toHaveCount(n);
      await page.context().clearCookies();
    }
  } finally {
    await own.stop();
  }
});
