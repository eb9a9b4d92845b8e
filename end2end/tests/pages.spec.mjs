// Every page, for every role: the menu offers what the role may see, the rest answers 403 from the server,
// and nothing that is shown breaks an accessibility rule, in light and dark.
import { test, expect, accounts, signIn, expectAccessibleInBothThemes } from './support.mjs';

const staff = ['admin', 'controleur', 'lecture'];
const writers = ['admin', 'controleur'];
const everybody = [...staff, 'livreur'];

// Address, who may see it, and whether the menu names it.
const pages = [
  ['/', staff, true],
  ['/commandes', everybody, true],
  ['/commandes/nouvelle', writers],
  ['/commandes/preparation', staff],
  ['/tournees', writers, true],
  ['/produits', everybody, true],
  ['/produits/nouveau', writers],
  ['/produits/import', writers],
  ['/categories', everybody, true],
  ['/stocks', staff, true],
  ['/stocks/mouvements', staff],
  ['/clients', staff, true],
  ['/clients/nouveau', writers],
  ['/utilisateurs', ['admin'], true],
  ['/utilisateurs/nouveau', ['admin']],
  ['/journal', ['admin'], true],
  ['/profil', everybody],
];

for (const role of everybody) {
  test(`${role} : le menu et les refus`, async ({ page }) => {
    await page.goto('/connexion');
    await signIn(page, accounts[role]);
    await expect(page.getByRole('navigation', { name: 'Menu' }).first()).toBeVisible();
    const offered = await page.locator('.side-nav a').evaluateAll((links) => links.map((a) => a.getAttribute('href')));
    expect(offered).toEqual(pages.filter(([, who, inMenu]) => inMenu && who.includes(role)).map(([path]) => path));
    for (const [path, who] of pages) {
      const answer = await page.goto(path);
      expect(answer.status(), `${role} ${path}`).toBe(who.includes(role) ? 200 : 403);
    }
  });

  test(`${role} : chaque page est accessible dans les deux thèmes @js`, async ({ page }) => {
    test.setTimeout(180_000);
    await page.goto('/connexion');
    await expectAccessibleInBothThemes(page, '/connexion');
    await signIn(page, accounts[role]);
    await page.waitForURL((url) => url.pathname !== '/connexion');
    for (const [path, who] of pages) {
      // One refusal looks like another.
      if (!who.includes(role) && path !== '/journal') continue;
      await page.goto(path);
      await expectAccessibleInBothThemes(page, path);
    }
  });
}
