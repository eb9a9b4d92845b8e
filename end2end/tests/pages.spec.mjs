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

test('chaque composant, dans chaque état, est accessible dans les deux thèmes @js', async ({ page }) => {
  test.skip(process.env.CLIENT !== 'debug', 'development builds only');
  test.setTimeout(120_000);
  await page.goto('/connexion');
  await signIn(page, accounts.admin);
  await page.waitForURL((url) => url.pathname !== '/connexion');
  await page.goto('/dev/composants');
  // The first dot is the page's own.
  await expect(page.locator('.live').first()).toHaveAttribute('data-live', 'direct', { timeout: 40_000 });
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
