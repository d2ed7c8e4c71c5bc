// The set-up: the one page while there is no organisation, and the way from there to everybody.
import { Bare, acorn, type Person } from '../fixtures/demo.ts';
import { ADMIN, FIRST, PASSWORD, TESTER, at, fill, press, setUp } from '../fixtures/setup.ts';
import { accessible, expect, test } from '../fixtures/test.ts';
import { type Walk } from '../fixtures/walk.ts';

const NEW = 'four silver badgers dig';
const LAST = 'eleven amber lanterns swing';
const NOBODY: Person = {
  username: '', password: '', roles: [], emails: [], mobile: null, office: null, totp_secret: null, answers: {},
};

/** Sets the scope on the page Properties. */
async function scope(walk: Walk, bare: Bare, value: string, group?: string): Promise<void> {
  await walk.open(`${bare.url}/console/password-reset/properties`);
  await walk.page.locator(`input[name="scope"][value="${value}"]`).check();
  if (group) await walk.page.locator('textarea[name="groups"]').fill(group);
  await press(walk, '/fn/admin/policy-properties');
  await press(walk, '/fn/admin/policy-save');
  await expect(walk.page.locator('main .note.good')).toBeVisible();
}

async function done(walk: Walk, bare: Bare): Promise<string[]> {
  await walk.open(`${bare.url}/console/setup`);
  await at(walk.page, 'rollout');
  const steps = await walk.page.locator('[data-rollout][data-done]').all();
  return Promise.all(steps.map(async (step) => (await step.getAttribute('data-rollout')) ?? ''));
}

test('a bare server has one page, which makes the first organisation; from there a pilot leads to everybody @plain @phone @arabic @dark', async ({
  page,
  walk,
  scripts,
}) => {
  const bare = await Bare.start();
  try {
    const secret = await setUp(walk, bare, () => accessible(page));
    await walk.open(`${bare.url}/signin`);
    bare.ahead = 30;
    await walk.signInHere(ADMIN, PASSWORD);
    await walk.code(await bare.appCodeOf(secret));
    await walk.at('home');
    expect(await done(walk, bare)).toEqual(['pilot']);
    await accessible(page);
    await scope(walk, bare, 'selected', 'First ones');
    expect(await done(walk, bare)).toEqual(['pilot', 'scope']);
    const admin = await page.context().cookies();

    // The test user replaces the first password, and is led to what is missing.
    await page.context().clearCookies();
    await walk.open(`${bare.url}/signin`);
    await walk.signInHere(TESTER, FIRST);
    await walk.password(NEW);
    await walk.at('confirm');
    await walk.press('/fn/user/security-confirm');
    bare.ahead = 0;
    const own = await walk.addApp(bare);
    const steps = ['pilot', 'scope', 'register'];
    await page.context().clearCookies();
    // Without scripts a picture has to be read, which is for people alone here: this is no demo.
    if (scripts) {
      bare.ahead = 30;
      await walk.identify(bare, TESTER);
      await walk.passApp(bare, { ...NOBODY, username: TESTER, totp_secret: own });
      await walk.password(LAST);
      await walk.at('done');
      steps.push('reset');
      await page.context().clearCookies();
    }
    await page.context().addCookies(admin);
    expect(await done(walk, bare)).toEqual(steps);
    await scope(walk, bare, 'all');
    expect(await done(walk, bare)).toEqual([...steps, 'everyone']);
    await accessible(page);
  } finally {
    await bare.stop();
  }
});

test('whom the pilot is tried with can be said later, and what is wrong is told @plain', async ({ page, walk }) => {
  const person = await acorn.person('policy@acorn.example');
  await walk.signIn(acorn, person.username, person.password);
  await walk.code(await acorn.appCode(person));
  await walk.at('home');
  await walk.open(`${acorn.url}/console/setup`);
  await fill(walk, { person: 'nobody-at-all', group: 'None' });
  await press(walk, '/fn/admin/rollout-choose');
  await walk.refused('person-unknown');
  await expect(walk.field('person')).toHaveValue('nobody-at-all');
  await expect(page.locator('#group-why')).toBeVisible();
  await accessible(page);
  await walk.open(`${acorn.url}/setup`);
  await at(page, 'setup-over');
});
