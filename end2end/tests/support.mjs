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
      const cut = /status of (4\d\d|502)|net::ERR_(FAILED|EMPTY_RESPONSE|INTERNET_DISCONNECTED|INCOMPLETE_CHUNKED_ENCODING|CONNECTION_\w+)/;
      if (bad && !cut.test(message.text())) problems.push(`console: ${message.text()}`);
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

// A debug client takes its time to arrive on a busy machine.
export const patient = { timeout: 40_000 };

export async function signIn(page, [email, password]) {
  await page.getByLabel('Adresse e-mail').fill(email);
  await page.getByLabel('Mot de passe').fill(password);
  await page.getByRole('button', { name: 'Se connecter' }).click();
}

// Nobody is signed in any more. The page is left first: an open one hears of it and goes by itself, at any moment.
export async function signedOut(page) {
  await page.goto('about:blank');
  await page.context().clearCookies();
}

// The cookie of a role, as its browser got it: one sign-in for all tests of this worker that do not test signing
// in. Signing in again and again would be slowed down.
const cookies = new Map();
export async function signedInAs(page, role) {
  if (!cookies.has(role)) {
    const [email, password] = accounts[role];
    const { origin } = new URL(base.info().project.use.baseURL);
    const answer = await page.request.post('/connexion', { form: { email, password }, headers: { origin }, maxRedirects: 0 });
    expect(answer.status(), `sign-in of ${role}`).toBe(303);
    cookies.set(role, await page.context().cookies());
  }
  await page.context().addCookies(cookies.get(role));
}

// Another program, signed in through the REST door.
export async function program(request, [email, password] = accounts.admin) {
  const login = await request.post('/api/v1/auth/login', { data: { email, password } });
  expect(login.status()).toBe(200);
  const headers = { Authorization: `Bearer ${(await login.json()).access_token}` };
  const call = (method) => async (path, data) => {
    const answer = await request.fetch(`/api/v1${path}`, { method, headers, data });
    expect(answer.ok(), `${method} ${path}: ${answer.status()} ${await answer.text()}`).toBe(true);
    return answer.status() === 204 ? null : answer.json();
  };
  return { get: call('GET'), post: call('POST'), put: call('PUT'), patch: call('PATCH') };
}

// A word that no other test uses.
let counter = 0;
export function unique(words) {
  counter += 1;
  return `${words} ${Date.now().toString(36)}${Math.floor(Math.random() * 1e6).toString(36)}${counter}`;
}

// Keeps the pages that are opened from now on asleep: their WASM arrives once the returned function is called.
export async function keepAsleep(page) {
  let wake;
  const called = new Promise((done) => { wake = done; });
  await page.route(/\.wasm(\?|$)/, async (route) => {
    await called;
    // The page may have been left meanwhile.
    await route.continue().catch(() => {});
  });
  return wake;
}

// A page that is there to read and to write in, but has not woken up.
export async function openAsleep(page, path) {
  await page.goto(path, { waitUntil: 'commit' });
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
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
  // What wakes up while axe reads is half of each: a button already seen, its words not yet.
  if (await page.locator('.live').count()) await wokenUp(page);
  await settled(page);
  await page.evaluate(axe);
  const violations = await page.evaluate(async () => {
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const found = await window.axe.run(document, { runOnly: { type: 'tag', values: tags } });
    return found.violations.map((v) => `${v.id}: ${v.help} — ${v.nodes.map((n) => n.target.join(' ')).join(' | ')}`);
  });
  expect(violations, `axe ${where}`).toEqual([]);
}

// Colours that are still on their way to those of another theme are neither's.
// (Asked, not waited for: Chromium at times leaves the promise of a transition that has ended open for ever.)
async function settled(page) {
  await page.evaluate(() => new Promise((drawn) => { requestAnimationFrame(() => requestAnimationFrame(drawn)); }));
  const moving = () => document.getAnimations()
    .filter(({ effect, playState }) => playState === 'running' && effect?.getComputedTiming().endTime < Infinity).length;
  await expect.poll(() => page.evaluate(moving)).toBe(0);
}

// Whether this project runs the pages' scripts.
export const hasScripts = () => base.info().project.use.javaScriptEnabled !== false;

// The page has woken up: before that, a button sends its plain form. A debug client takes its time. The first dot is
// the page's own (one page shows them all).
export async function wokenUp(page) {
  if (hasScripts()) await expect(page.locator('.live').first()).toHaveAttribute('data-live', 'direct', patient);
}

// Both themes, one after the other.
export async function expectAccessibleInBothThemes(page, where = '') {
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await expectAccessible(page, `${where} ${colorScheme}`);
  }
}
