// «This was not me»: a reference out of a message stops what somebody else has begun. The page has no program of its own.
import { acorn, birch, type Demo, type Person } from '../fixtures/demo.ts';
import { accessible, expect, test } from '../fixtures/test.ts';
import { Walk } from '../fixtures/walk.ts';
import type { Browser, Page } from '@playwright/test';

const REFERENCE = /[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}/;

/** Somebody else begins a reset, and gets as far as the code that goes to the person's mailbox. */
async function begun(browser: Browser, scripts: boolean, demo: Demo, person: Person): Promise<{ thief: Walk; reference: string; code: string }> {
  const before = await demo.newest();
  const thief = new Walk(await (await browser.newContext()).newPage(), scripts);
  await thief.identify(demo, person.username);
  await thief.choose('email');
  const message = await demo.message((m) => m.context === 'reset-code' && m.to === person.emails.at(-1), before);
  expect(message.text).toContain('/not-me');
  return { thief, reference: REFERENCE.exec(message.text)?.[0] ?? '', code: message.code ?? '' };
}

async function type(page: Page, reference: string): Promise<void> {
  await page.locator('input[name="reference"]').fill(reference);
  await page.locator('form[action="/fn/public/not-me"] button').click();
}

test('a reset that somebody else began is stopped @plain @phone @arabic @dark', async ({ page, walk, browser }) => {
  const person = await acorn.person('user@acorn.example');
  const { thief, reference, code } = await begun(browser, walk.scripts, acorn, person);
  const before = await acorn.newest();
  const step = page.locator('main');
  await page.goto(`${acorn.url}/not-me`);
  await expect(step).toHaveAttribute('data-step', 'not-me');
  await accessible(page);
  await expect(page.locator('script[type="module"]'), 'it needs no program').toHaveCount(0);

  await type(page, reference.startsWith('0') ? '11111-11111' : '00000-00000');
  await walk.refused('reference-unknown');
  await expect(page.locator('input[name="reference"]')).toHaveAttribute('aria-invalid', 'true');
  await accessible(page);
  await page.locator('input[name="reference"]').fill(reference);
  await expect(page.locator('input[name="reference"]')).toHaveCSS('direction', 'ltr');
  await type(page, ` ${reference.toLowerCase().replace('-', ' ')}.`);
  await expect(step).toHaveAttribute('data-step', 'not-me-stopped');
  await expect(page).toHaveURL(`${acorn.url}/not-me`);
  await expect(step).not.toContainText(person.username);
  await expect(page.locator('main time')).toBeVisible();
  await accessible(page);

  await thief.code(code);
  await thief.at('stopped');
  await thief.page.context().close();
  await acorn.message((m) => m.context === 'reported' && m.to === person.emails[0], before);
  await page.context().clearCookies();
  await page.goto(`${acorn.url}/not-me`);
  await type(page, reference);
  await expect(step).toHaveAttribute('data-step', 'not-me-stopped');
});

test('a reference of another house is nobody\'s @plain', async ({ page, walk, browser }) => {
  const person = await acorn.person('user@acorn.example');
  const { thief, reference, code } = await begun(browser, walk.scripts, acorn, person);
  await page.goto(`${birch.url}/not-me`);
  await type(page, reference);
  await walk.refused('reference-unknown');
  await thief.code(code);
  await thief.at('choose');
  await thief.page.context().close();
});
