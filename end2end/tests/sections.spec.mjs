// The client in sections: what a page names, what comes later, and what happens when it does not come.
import { expect, signedInAs, test, wokenUp } from './support.mjs';

test('a page names the files of its section, and signing in only one @js', async ({ page }) => {
  const stranger = await page.request.get('/connexion');
  expect(stranger.headers().link ?? '').not.toContain('split_');
  await signedInAs(page, 'admin');
  const answer = await page.request.get('/commandes');
  const named = [...(answer.headers().link ?? '').matchAll(/<([^>]+)>; rel=preload/g)].map(([, url]) => url);
  expect(named.some((url) => url.endsWith('/split_orders.wasm'))).toBe(true);
  for (const url of named) {
    const file = await page.request.get(url);
    expect(file.status(), url).toBe(200);
    expect(file.headers()['cache-control'], url).toContain('immutable');
  }
});

// A page of its own: the browser's words about what does not come are no fault here.
test('a page whose code does not come says so, and comes after a reload @js', async ({ context, page }) => {
  await signedInAs(page, 'admin');
  const cut = await context.newPage();
  await cut.route('**/split_people.wasm', (route) => route.abort());
  await cut.goto('/');
  await wokenUp(cut);
  await cut.locator('.side-nav').getByRole('link', { name: 'Clients', exact: true }).click();
  await expect(cut.getByRole('heading', { level: 1, name: "Cette page n'a pas pu être chargée" })).toBeVisible();
  await expect(cut).toHaveURL(/\/clients$/);
  await cut.unroute('**/split_people.wasm');
  await cut.getByRole('button', { name: 'Recharger' }).click();
  await expect(cut.getByRole('heading', { level: 1, name: 'Clients' })).toBeVisible();
});

test('a page that the server drew works by its links and forms without its code @js', async ({ context, page }) => {
  await signedInAs(page, 'admin');
  const cut = await context.newPage();
  await cut.route('**/split_people.wasm', (route) => route.abort());
  await cut.goto('/clients');
  await cut.getByRole('searchbox').first().fill('a');
  await cut.keyboard.press('Enter');
  await expect(cut).toHaveURL(/search=a/);
  await expect(cut.getByRole('heading', { level: 1, name: 'Clients' })).toBeVisible();
});
