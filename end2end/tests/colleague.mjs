// Somebody else who changes things while a page is open.
import { accounts, expect, signIn, test } from './support.mjs';

// Somebody else, at a program of theirs.
export async function colleague(request, base = '', account = accounts.controleur) {
  const [email, password] = account;
  const answer = await request.post(`${base}/api/v1/auth/login`, { data: { email, password } });
  const headers = { authorization: `Bearer ${(await answer.json()).access_token}` };
  const call = async (method, path, data) => {
    const done = await request[method](`${base}/api/v1${path}`, { headers, data });
    expect(done.ok(), await done.text()).toBeTruthy();
    return done.json();
  };
  const product = (await call('get', '/products?per_page=1&search=HUI-OLI-50')).items[0];
  const items = [{ product_id: product.id, quantity: 1 }];
  return {
    call,
    order: (client_nom, confirmer = false, more = {}) =>
      call('post', '/orders', { client_nom, confirmer, items, ...more }),
    confirm: ({ id }) => call('post', `/orders/${id}/confirm`, {}),
    // A product of the test alone.
    product: (nom, stock_initial = 20) =>
      call('post', '/products', { nom, prix: '4.50', category_id: product.category_id, stock_initial, seuil_alerte: 5 }),
    enter: (product_id, quantite) => call('post', '/stocks/entry', { product_id, quantite }),
  };
}

// Rows of one's own: the spec files share one database.
export const unique = (words) => `${words} ${Date.now().toString(36)}${Math.floor(Math.random() * 1e4)}`;

// Where the cursor stands in what is being typed.
export const cursor = (box) => box.evaluate((input) => (document.activeElement === input ? input.selectionStart : 'elsewhere'));

export async function open(page, path, account = accounts.admin) {
  await page.goto(path);
  await signIn(page, account);
  await isLive(page);
}

// A debug client takes its time to wake up.
export const isLive = (page) =>
  expect(page.locator('.live')).toHaveAttribute('data-live', 'direct', { timeout: 40_000 });

// A change and what shows it; the report tells how long it took until it was seen.
export async function soon(change, seen) {
  const result = await change();
  const before = Date.now();
  await seen(result);
  test.info().annotations.push({ type: 'seen after, ms', description: String(Date.now() - before) });
  return result;
}
