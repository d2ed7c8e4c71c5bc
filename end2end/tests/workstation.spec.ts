// Enrolled workstations: named in the console, and where the organisation says so the only ones that open the kiosk.
import { createHash, randomBytes } from 'node:crypto';
import { OwnDemo, acorn, type Demo } from '../fixtures/demo.ts';
import { accessible, expect, test } from '../fixtures/test.ts';
import { Walk } from '../fixtures/walk.ts';
import type { Page } from '@playwright/test';

const PATH = '/console/kiosks';
const NAME = 'Reception';

/** Presses the button of the form that posts to an address. */
async function press(walk: Walk, action: string): Promise<void> {
  await walk.page.locator(`form[action="/fn/admin/${action}"] button:visible`).last().click();
  await walk.ready();
}

async function looked(page: Page): Promise<void> {
  await accessible(page);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(wide, 'nothing to be scrolled sideways').toBeLessThanOrEqual(0);
}

async function enrols(walk: Walk, name: string, fingerprint: string): Promise<void> {
  await walk.field('name').fill(name);
  await walk.field('fingerprint').fill(fingerprint);
  await press(walk, 'kiosks-add');
}

/** Says on the page Properties that enrolled ones alone open the kiosk. */
async function requires(walk: Walk, demo: Demo): Promise<void> {
  await walk.open(`${demo.url}/console/password-reset/properties`);
  await walk.page.locator('input[name="kiosk_enrolled"]').check();
  await press(walk, 'policy-properties');
  await press(walk, 'policy-save');
  await expect(walk.page.locator('input[name="kiosk_enrolled"]')).toBeChecked();
}

async function refused(screen: Walk): Promise<void> {
  await screen.at('stopped');
  await expect(screen.page.locator('main')).toHaveAttribute('data-refusal', 'kiosk-unknown');
}

async function keptOut(screen: Walk, demo: Demo): Promise<void> {
  await screen.open(`${demo.url}/kiosk`);
  await refused(screen);
  await expect(screen.page.locator('.handoff bdi')).toHaveText(`${demo.url}/reset`);
  await expect(screen.page.locator('input:not([type="hidden"])')).toHaveCount(0);
}

test('r58 only enrolled screens open the kiosk, where the organisation says so @plain @phone @arabic @dark', async ({ page, walk, browser }) => {
  const own = await OwnDemo.start();
  const context = await browser.newContext();
  try {
    const demo = own.acorn;
    const token = randomBytes(32).toString('base64url');
    const fingerprint = createHash('sha256').update(token).digest('hex');
    await walk.staff(demo, 'policy@acorn.example');
    await walk.open(demo.url + PATH);
    await expect(page.locator(`nav a[href="${PATH}"]`)).toHaveAttribute('aria-current', 'page');
    await expect(page.locator('main .note.warn'), 'any screen may so far').toBeVisible();
    await looked(page);

    await enrols(walk, NAME, 'not a fingerprint');
    await walk.refused('fingerprint');
    await expect(walk.field('name')).toHaveValue(NAME);
    await expect(walk.field('fingerprint')).toHaveValue('not a fingerprint');
    await looked(page);
    await enrols(walk, NAME, fingerprint.toUpperCase());
    await expect(page.locator('main .note.good')).toContainText(NAME);
    await expect(page.locator('.rows li')).toHaveCount(1);
    await looked(page);
    await enrols(walk, 'Lab', fingerprint);
    await walk.refused('taken');

    const screen = new Walk(await context.newPage(), walk.scripts);
    await screen.open(`${demo.url}/kiosk`);
    await screen.at('identify');
    await requires(walk, demo);
    await keptOut(screen, demo);
    await looked(screen.page);

    const knocked = await context.request.post(`${demo.url}/kiosk/device`, { data: `${token}\n`, headers: { 'content-type': 'text/plain' } });
    expect(knocked.status()).toBe(200);
    const ticket = await knocked.text();
    await screen.open(`${demo.url}/kiosk/open#${ticket}`);
    if (walk.scripts) {
      await screen.at('identify');
      await expect(screen.page).toHaveURL(`${demo.url}/kiosk`);
      await looked(screen.page);
      // Whoever saw the ticket is too late with it, and the back button brings nothing back.
      const other = new Walk(await (await browser.newContext()).newPage(), true);
      await other.open(`${demo.url}/kiosk/open#${ticket}`);
      await refused(other);
      await other.page.context().close();
      const person = await demo.person('user@acorn.example');
      await screen.identifyHere(demo, person.username);
      await screen.at('choose');
    } else {
      await looked(screen.page);
      await screen.page.locator('main a[href="/kiosk"]').click();
      await refused(screen);
    }

    await walk.open(demo.url + PATH);
    await expect(page.locator('.rows time'), 'when it was opened').toHaveCount(1);
    await press(walk, 'kiosks-remove');
    await expect(page.locator('main .note.good')).toContainText(NAME);
    await expect(page.locator('.rows li')).toHaveCount(0);
    if (walk.scripts) {
      await screen.page.locator('button[name="method"][value="app_code"]').click();
      await refused(screen);
    }
    await keptOut(screen, demo);
    const again = await context.request.post(`${demo.url}/kiosk/device`, { data: token, headers: { 'content-type': 'text/plain' } });
    expect(again.status()).toBe(403);
  } finally {
    await context.close();
    await own.stop();
  }
});

test('who may not set the policy does not see the screens @plain', async ({ page, walk }) => {
  await walk.staff(acorn, 'helpdesk@acorn.example');
  await walk.open(acorn.url + PATH);
  await expect(page.locator('main')).toHaveAttribute('data-step', 'forbidden');
  await expect(page.locator(`a[href="${PATH}"]`)).toHaveCount(0);
});
