// The phone's program without a network. One version has one cache: its page and its code, never mixed with another's.
// The server writes the version and the files into this text.
const VERSION = '__VERSION__';
const FILES = __FILES__;
const SHELL = '/livreur';
const CACHE = `livreur-${VERSION}`;

// The page of this very version, or none: a server that has moved on, or a session that has ended, gives another.
async function shell() {
  const answer = await fetch(SHELL, { cache: 'no-store', redirect: 'error' });
  if (!answer.ok || answer.headers.get('x-version') !== VERSION) throw new Error('another version');
  return answer;
}

// All of it: where its page is, its files are.
async function keep() {
  const cache = await caches.open(CACHE);
  await cache.addAll(FILES);
  await cache.put(SHELL, await shell());
}

self.addEventListener('install', (event) => {
  event.waitUntil(keep().catch((error) => {
    // No room beside the older version: that one gives way first. No phone stays with what the server has forgotten.
    if (error.name !== 'QuotaExceededError' || !self.registration.active) throw error;
  }));
});

self.addEventListener('activate', (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith('livreur-') && name !== CACHE) await caches.delete(name);
    }
    await self.clients.claim();
  })());
});

// The page says when: between two actions.
self.addEventListener('message', ({ data }) => { if (data === 'prendre') self.skipWaiting(); });

// Network first, but a network that does not answer is none. The page of another version may have come without its
// files: the one that is whole is shown until those are kept too, and taken over between two actions.
async function page(event) {
  const cached = await (await caches.open(CACHE)).match(SHELL);
  if (!cached) event.waitUntil(keep().catch(() => {}));
  try {
    const signal = cached ? AbortSignal.timeout(4000) : undefined;
    const answer = await fetch(event.request, { signal });
    const version = answer.headers.get('x-version');
    if (cached && version && version !== VERSION) {
      self.registration.update().catch(() => {});
      return cached;
    }
    return answer.status >= 500 && cached ? cached : answer;
  } catch (error) {
    if (cached) return cached;
    throw error;
  }
}

async function file(request) {
  const cached = await (await caches.open(CACHE)).match(request);
  return cached ?? fetch(request);
}

// Nothing else under it is a page of the program: without a network the round itself is shown, no page of the browser's.
async function elsewhere(request) {
  try {
    return await fetch(request);
  } catch {
    return Response.redirect(SHELL);
  }
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== location.origin || request.method !== 'GET') return;
  if (request.mode === 'navigate') event.respondWith(pathname === SHELL ? page(event) : elsewhere(request));
  else if (FILES.includes(pathname)) event.respondWith(file(request));
});

// Background Sync. An open page sends by itself; else what is due goes out from here. The actions stay where they are:
// the page reads their answers when it sends the same again, which the server takes once.
self.addEventListener('sync', (event) => {
  const [, person] = /^envoi-(\d+)$/.exec(event.tag) ?? [];
  if (person) event.waitUntil(send(person));
});

async function openPages() {
  const pages = await self.clients.matchAll({ type: 'window' });
  return pages.filter(({ url }) => new URL(url).pathname === SHELL);
}

// As long as an action is held back (outbox.rs: HOLD), and a second; a clock that was set back holds nothing.
const held = ({ due }) => (due - Date.now() > 11_500 ? 0 : Math.max(0, due - Date.now()));

async function send(person) {
  const open = await openPages();
  if (open.length > 0) {
    for (const client of open) client.postMessage('envoyer');
    return;
  }
  // A lock of its own, which a page that wants to send takes away (host.js: take_lock): what hangs here holds nothing
  // up. Both may send the same then. Each sends in order, and the server takes each action once.
  const giveUp = new AbortController();
  try {
    await navigator.locks.request(`livreur-${person}-fond`, () => sendAll({ person, giveUp }));
  } finally {
    giveUp.abort();
  }
}

async function sendAll(job) {
  const db = await done(indexedDB.open(`livreur-${job.person}`));
  try {
    let rows = await outbox(db);
    const wait = Math.max(0, ...rows.filter(({ recue }) => !recue).map(held));
    if (wait > 0) {
      await new Promise((good) => { setTimeout(good, wait); });
      rows = await outbox(db);
    }
    const { arrived, failed } = await sendActions(job, due(rows));
    for (const row of [...rows.filter(({ recue, ennui }) => recue && !ennui), ...arrived]) {
      if (!await sendPictures(db, job, row)) break;
    }
    if (failed) throw new Error('not everything was taken');
  } finally {
    db.close();
    new BroadcastChannel('livreur').postMessage(Number(job.person));
  }
}

// What may leave now: nothing before an earlier action of the same order that was refused, or is held back.
function due(rows) {
  const stopped = new Set();
  return rows.filter((row) => {
    if (row.recue) return false;
    if (row.ennui || held(row) > 0) stopped.add(row.action.order_id);
    return !stopped.has(row.action.order_id);
  });
}

// How long an answer may take (milliseconds), as in the page.
const LIMIT = 45_000;

// What was answered. No answer in time, or one of a server that fails, ends it all: the browser tries again when this
// fails. A session that has ended is no failure: that needs the person.
async function post({ person, giveUp }, path, body, limit, type) {
  const late = setTimeout(() => giveUp.abort(), limit);
  try {
    const headers = { 'x-utilisateur': person, ...(type && { 'content-type': type }) };
    const answer = await fetch(path, { method: 'POST', headers, body, redirect: 'error', signal: giveUp.signal });
    const { ok, status } = answer;
    if (status >= 500 || status === 429) throw new Error(`answered ${status}`);
    return { ok, status, text: await answer.text() };
  } finally {
    clearTimeout(late);
  }
}

const TAKEN = ['appliquee', 'deja_connue'];

// Those that the server has, and whether it failed with others. What comes after one that was not taken waits, as it
// does in a batch.
async function sendActions(job, rows) {
  const arrived = [];
  let failed = false;
  for (let left = rows; left.length > 0;) {
    const batch = left.slice(0, 50);
    const told = { envoye_le: new Date().toISOString(), actions: batch.map(({ action }) => action) };
    const body = JSON.stringify({ batch: told });
    const { ok, text } = await post(job, '/_fn/send_actions', body, LIMIT, 'application/json');
    if (!ok) break;
    const { resultats } = JSON.parse(text);
    const stopped = new Set();
    batch.forEach((row, n) => {
      const { statut } = resultats[n];
      if (TAKEN.includes(statut)) arrived.push(row);
      else stopped.add(row.action.order_id);
      failed ||= statut === 'erreur';
    });
    left = left.slice(50).filter(({ action }) => !stopped.has(action.order_id));
  }
  return { arrived, failed };
}

// Whether to go on. One by one: what was sent is not sent again. What is refused stays for the page, which says why.
async function sendPictures(db, job, row) {
  for (const { nom, nature } of [...row.preuves]) {
    if ((await openPages()).length > 0) return false;
    const picture = await done(db.transaction('preuves').objectStore('preuves').get(nom));
    if (picture) {
      const path = `/commandes/${row.action.order_id}/preuves?type=${nature}&tentative_id=${row.action.id}`;
      // At 2 kB a second, as in the page.
      const { ok, status } = await post(job, path, picture, LIMIT + picture.size / 2);
      if (!ok) return status !== 401 && status !== 403;
    }
    row.preuves.shift();
    await settle(db, nom, row);
  }
  return true;
}

// A row whose action the page knows to be taken goes with its last picture.
async function settle(db, nom, { key, ...row }) {
  const tx = db.transaction(['actions', 'preuves'], 'readwrite', { durability: 'strict' });
  const kept = new Promise((good, bad) => { tx.oncomplete = good; tx.onabort = () => bad(tx.error); });
  const rows = tx.objectStore('actions');
  tx.objectStore('preuves').delete(nom);
  if (row.recue && row.preuves.length === 0) rows.delete(key);
  else if (await done(rows.getKey(key)) !== undefined) rows.put(JSON.stringify(row), key);
  await kept;
}

const done = (request) => new Promise((good, bad) => {
  request.onsuccess = () => good(request.result);
  request.onerror = () => bad(request.error);
});

async function outbox(db) {
  const store = db.transaction('actions').objectStore('actions');
  const [keys, texts] = await Promise.all([done(store.getAllKeys()), done(store.getAll())]);
  return texts.map((text, at) => ({ ...JSON.parse(text), key: keys[at] }));
}
