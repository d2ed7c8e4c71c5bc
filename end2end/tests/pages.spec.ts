// What stands around the steps: languages, brand, unknown addresses, the demo.
import { acorn, birch } from '../fixtures/demo.ts';
import { accessible, expect, test } from '../fixtures/test.ts';

for (const [tag, direction] of [['en', 'ltr'], ['de', 'ltr'], ['fr', 'ltr'], ['es', 'ltr'], ['ar', 'rtl']] as const) {
  test(`the pages speak ${tag} @plain`, async ({ page, walk }) => {
    await walk.open(`${acorn.url}/reset?lang=${tag}`);
    expect(new URL(page.url()).search, 'the choice leaves the address').toBe('');
    await expect(page.locator('html')).toHaveAttribute('lang', tag);
    await expect(page.locator('html')).toHaveAttribute('dir', direction);
    await accessible(page);
    await walk.open(`${acorn.url}/signin`);
    await expect(page.locator('html')).toHaveAttribute('lang', tag);
    await accessible(page);
  });
}

test('the language is switched on any page @plain', async ({ page, walk }) => {
  await walk.open(`${acorn.url}/reset`);
  await page.locator('details.lang summary').click();
  await page.locator('details.lang a[hreflang="de"]').click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'de');
  await walk.at('identify');
});

test('the house is the tenant\'s from the first byte', async ({ page }) => {
  const html = await (await page.goto(`${birch.url}/reset`))?.text();
  expect(html).toContain('Birch');
  expect(html).not.toContain('Acorn');
  const branded = await (await page.goto(`${acorn.url}/reset`))?.text();
  expect(branded).toContain('Acorn Works');
  expect(branded).toContain('--brand');
  await expect(page.locator('.brand img')).toBeVisible();
});

test('an unknown address is a branded 404 @plain', async ({ page }) => {
  const answer = await page.goto(`${acorn.url}/no-such-page`);
  expect(answer?.status()).toBe(404);
  await expect(page.locator('body')).toContainText('Acorn Works');
  await expect(page.locator('body')).not.toContainText('no-such-page');
  await accessible(page);
});

test('the demo shows its people and its mailbox @plain', async ({ page }) => {
  await page.goto(`${acorn.url}/demo`);
  await expect(page.locator('body')).toContainText('user@acorn.example');
  await accessible(page);
});
