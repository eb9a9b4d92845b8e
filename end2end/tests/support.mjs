// What the tests share: a page whose console is watched, and signing in as a person does.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { test as base, expect } from '@playwright/test';

export const test = base.extend({
  // Every page fails its test on a console error, a warning about hydration, a failed request or an exception.
  page: async ({ page }, use) => {
    const problems = [];
    page.on('console', (message) => {
      const bad = message.type() === 'error' || /hydrat|reactive/i.test(message.text());
      // A refusal is an answer: the browser reports the status of every 4xx page by itself.
      // And so is what a test itself cuts off.
      if (bad && !/status of 4\d\d|net::ERR_FAILED/.test(message.text())) problems.push(`console: ${message.text()}`);
    });
    page.on('pageerror', (error) => problems.push(`exception: ${error.message}`));
    await use(page);
    expect(problems).toEqual([]);
  },
});

export { expect };

export const accounts = {
  admin: ['admin@example.com', 'admin123'],
  controleur: ['controleur@example.com', 'controleur123'],
  livreur: ['livreur@example.com', 'livreur123'],
  lecture: ['user@example.com', 'user123'],
};

export async function signIn(page, [email, password]) {
  await page.getByLabel('Adresse e-mail').fill(email);
  await page.getByLabel('Mot de passe').fill(password);
  await page.getByRole('button', { name: 'Se connecter' }).click();
}

// The number in a text as French writes it: "1 234,50 €".
export function figure(text) {
  const digits = text.replace(/[^\d,−-]/g, '').replace('−', '-').replace(',', '.');
  return Number(digits);
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

// No violation of WCAG 2.2 A and AA on the page as it is now. Evaluated, not injected as a script: the
// page's own policy would refuse that.
// Without JavaScript nothing can be asked in the page; what it shows is what axe has seen with it.
export async function expectAccessible(page, where = '') {
  if (!hasScripts()) return;
  await page.evaluate(axe);
  const violations = await page.evaluate(async () => {
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const found = await window.axe.run(document, { runOnly: { type: 'tag', values: tags } });
    return found.violations.map((v) => `${v.id}: ${v.help} — ${v.nodes.map((n) => n.target.join(' ')).join(' | ')}`);
  });
  expect(violations, `axe ${where}`).toEqual([]);
}

// Whether this project runs the pages' scripts.
export const hasScripts = () => base.info().project.use.javaScriptEnabled !== false;

// The page has woken up: before that, a button sends its plain form. A debug client takes its time.
export async function wokenUp(page) {
  if (hasScripts()) await expect(page.locator('.live')).toHaveAttribute('data-live', 'direct', { timeout: 40_000 });
}

// Both themes, one after the other.
export async function expectAccessibleInBothThemes(page, where = '') {
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await expectAccessible(page, `${where} ${colorScheme}`);
  }
}
