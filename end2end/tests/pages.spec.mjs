// Every page of the table of routes, for every role: the menu offers what the role may see, the rest answers 403
// from the server; what is shown breaks no accessibility rule in light and dark, nothing is cut at 320 or 2560 px,
// and the console stays silent (the shared page sees to that).
import { readFileSync } from 'node:fs';
import { addressesOf, everybody, pages } from './routes.mjs';
import {
  accounts, expect, expectAccessible, expectAccessibleInBothThemes, hasScripts, program, signedInAs, signIn, test, unique, wokenUp,
} from './support.mjs';

// For strangers, in development builds alone, and what is no page.
const apart = ['/connexion', '/dev/composants', '/*ailleurs'];

test('every route of the program is in this table', async () => {
  const source = readFileSync(new URL('../../src/app.rs', import.meta.url), 'utf8');
  const routes = [...source.matchAll(/<Route path=path!\("([^"]*)"\)/g)].map(([, path]) => path || '/');
  expect(routes.length).toBeGreaterThan(20);
  expect(routes.filter((path) => !apart.includes(path)).sort()).toEqual(pages.map(([path]) => path).sort());
});

// Rows whose pages everybody may see who may see such pages at all. The livreur delivers the order: its page is closed
// to them all the same.
let found;
async function ids(request) {
  if (found) return found;
  const rest = await program(request);
  const [product] = (await rest.get('/products?search=HUI-OLI-50')).items;
  const [user] = (await rest.get(`/users?search=${encodeURIComponent(accounts.livreur[0])}`)).items;
  const client = await rest.post('/clients', { nom: unique('Cliente de passage'), telephone: '06 39 98 44 20', ville: 'Nantes' });
  const items = [{ product_id: product.id, quantity: 2 }];
  const order = await rest.post('/orders', { client_nom: client.nom, client_id: client.id, items, confirmer: true });
  await rest.post(`/orders/${order.id}/assign-livreur`, { livreur_id: user.id });
  // One that is over, and so can be corrected.
  const handed = await rest.post('/orders', { client_nom: client.nom, client_id: client.id, items, confirmer: true });
  await rest.post(`/orders/${handed.id}/assign-livreur`, { livreur_id: user.id });
  for (const statut of ['en_preparation', 'en_livraison', 'livree']) await rest.patch(`/orders/${handed.id}/status`, { statut });
  found = {
    commandes: order.id, livree: handed.id, produits: product.id, categories: product.category_id, stocks: product.id,
    clients: client.id, utilisateurs: user.id,
  };
  return found;
}

const addresses = async (request) => addressesOf(await ids(request));

for (const role of everybody) {
  test(`${role} : le menu et les refus`, async ({ page, request }) => {
    await page.goto('/connexion');
    await signIn(page, accounts[role]);
    await expect(page).not.toHaveURL(/connexion/);
    // A livreur begins on the phone's page, which has no menu.
    if (role === 'livreur') await page.goto('/produits');
    await expect(page.getByRole('navigation', { name: 'Menu' }).first()).toBeVisible();
    const offered = await page.locator('.side-nav a').evaluateAll((links) => links.map((a) => a.getAttribute('href')));
    expect(offered).toEqual(pages.filter(([, who, inMenu]) => inMenu && who.includes(role)).map(([path]) => path));
    for (const [path, who] of await addresses(request)) {
      const answer = await page.goto(path);
      expect(answer.status(), `${role} ${path}`).toBe(who.includes(role) ? 200 : 403);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      // Without scripts nothing is offered that only a script could do.
      const dead = page.locator('button[type=button]:not([popovertarget]):enabled:visible');
      if (!hasScripts()) expect(await dead.allInnerTexts(), path).toEqual([]);
    }
    expect((await page.goto('/nulle-part')).status()).toBe(404);
  });

  test(`${role} : chaque page est accessible dans les deux thèmes @js`, async ({ page, request }) => {
    test.setTimeout(400_000);
    await signedInAs(page, role);
    for (const [path, who] of await addresses(request)) {
      // One refusal looks like another.
      if (!who.includes(role) && path !== '/journal') continue;
      // A program of its own: livreur.spec looks at it.
      if (path === '/livreur') continue;
      await page.goto(path);
      await wokenUp(page);
      await expectAccessibleInBothThemes(page, path);
      // What has no room on a phone has no words there either.
      if (role !== 'admin') continue;
      const desk = page.viewportSize();
      await page.setViewportSize({ width: 390, height: 844 });
      await expectAccessible(page, `${path} à 390 px`);
      await page.setViewportSize(desk);
    }
  });
}

test('chaque composant, dans chaque état, est accessible dans les deux thèmes @js', async ({ page }) => {
  test.setTimeout(120_000);
  await page.goto('/connexion');
  await signIn(page, accounts.admin);
  await page.waitForURL((url) => url.pathname !== '/connexion');
  await page.goto('/dev/composants');
  await wokenUp(page);
  for (const shown of ['.kpi', '.sparkline', '.chart-line', '.chart-bar', '.donut', '.stock-bar', '.timeline', '.skeleton',
    '.period-picker', '.tabs', '.pager', '.conflict', '.changes', '.empty']) {
    expect(await page.locator(shown).count(), shown).toBeGreaterThan(0);
  }
  await expectAccessibleInBothThemes(page, 'composants');
  // The box that proposes: typed, gone down, taken.
  const box = page.getByRole('combobox', { name: 'Commune' });
  await box.pressSequentially('a');
  await expect(page.getByRole('option', { name: 'Avrillé' })).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(box).toHaveValue('Avrillé');
  await page.getByRole('button', { name: 'Fait, annulable' }).click();
  await page.getByRole('status').getByRole('button', { name: 'Annuler' }).click();
  await expect(page.getByText('Produit restauré.')).toBeVisible();
  await page.getByRole('button', { name: 'Panneau' }).click();
  await expect(page.getByRole('dialog', { name: 'Modifier le produit' })).toBeVisible();
});

test('la connexion et l’introuvable sont accessibles dans les deux thèmes @js', async ({ page }) => {
  for (const path of ['/connexion', '/nulle-part']) {
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expectAccessibleInBothThemes(page, path);
  }
});

// What sticks out of the window, but for what scrolls in a frame of its own or is only read aloud.
function sticksOut() {
  const wide = document.documentElement.clientWidth;
  const framed = (element) => {
    for (let at = element.parentElement; at && at !== document.body; at = at.parentElement) {
      if (/auto|scroll|hidden|clip/.test(getComputedStyle(at).overflowX)) return true;
    }
    return false;
  };
  const out = [...document.body.querySelectorAll('*')].filter((element) => {
    const { left, right, width, height } = element.getBoundingClientRect();
    const sticks = width > 1 && height > 1 && (right > wide + 1 || left < -1);
    return sticks && element.checkVisibility({ checkVisibilityCSS: true }) && !framed(element);
  });
  // What unfolds over the page, one after the other.
  for (const details of document.querySelectorAll('main details.popover')) {
    details.open = true;
    const panel = details.querySelector('.popover-panel');
    const { left, right } = panel.getBoundingClientRect();
    if (left < 0 || right > wide) out.push(panel);
    details.open = false;
  }
  const named = out.slice(0, 5).map((element) => `${element.tagName.toLowerCase()}.${element.className}`);
  // Frames that may scroll: tables, tabs, the board of rounds; nothing else hides what is too wide.
  const frames = [...document.querySelectorAll('main *')].filter((element) => {
    const { overflowX } = getComputedStyle(element);
    const allowed = element.matches('.tabs, .segments, .rounds, input, textarea, select') || element.querySelector('table');
    return /auto|scroll/.test(overflowX) && element.scrollWidth > element.clientWidth + 1 && !allowed;
  });
  return { page: document.documentElement.scrollWidth - wide, out: named, frames: frames.map((element) => element.className) };
}

for (const [role, widths] of [['admin', [320, 2560]], ['livreur', [320]]]) {
  test(`${role} : rien n’est coupé de ${widths.join(' à ')} px @js`, async ({ page, request }) => {
    test.setTimeout(180_000);
    await signedInAs(page, role);
    for (const [path, who] of await addresses(request)) {
      if (!who.includes(role)) continue;
      // Waking up changes no size, as phone.spec measures.
      await page.goto(path, { waitUntil: 'domcontentloaded' });
      for (const width of widths) {
        await page.setViewportSize({ width, height: 800 });
        expect(await page.evaluate(sticksOut), `${path} ${width}`).toEqual({ page: 0, out: [], frames: [] });
      }
    }
  });
}
