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

self.addEventListener('install', (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    await cache.addAll(FILES);
    await cache.put(SHELL, await shell());
  })());
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

// Network first, but a network that does not answer is none.
async function page(request) {
  const cached = await (await caches.open(CACHE)).match(SHELL);
  try {
    const signal = cached ? AbortSignal.timeout(4000) : undefined;
    const answer = await fetch(request, { signal });
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
  if (request.mode === 'navigate') event.respondWith(pathname === SHELL ? page(request) : elsewhere(request));
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
  await navigator.locks.request(`livreur-${person}`, async () => {
    const db = await done(indexedDB.open(`livreur-${person}`));
    try {
      let rows = await outbox(db);
      const wait = Math.max(0, ...rows.filter(({ recue }) => !recue).map(held));
      if (wait > 0) {
        await new Promise((good) => { setTimeout(good, wait); });
        rows = await outbox(db);
      }
      const arrived = [...rows.filter(({ recue, ennui }) => recue && !ennui), ...await sendActions(person, due(rows))];
      for (const row of arrived) {
        if (!await sendPictures(db, person, row)) break;
      }
    } finally {
      db.close();
      new BroadcastChannel('livreur').postMessage(Number(person));
    }
  });
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

const headers = (person) => ({ 'x-utilisateur': person });

// The browser tries again when this fails. A session that has ended is no failure: that needs the person.
function isFailure({ ok, status }) {
  return !ok && (status >= 500 || status === 429);
}

// Those that the server has.
async function sendActions(person, rows) {
  const arrived = [];
  for (let at = 0; at < rows.length; at += 50) {
    const batch = rows.slice(at, at + 50);
    const answer = await fetch('/_fn/send_actions', {
      method: 'POST',
      headers: { ...headers(person), 'content-type': 'application/json' },
      body: JSON.stringify({ batch: { envoye_le: new Date().toISOString(), actions: batch.map(({ action }) => action) } }),
      redirect: 'error',
    });
    if (isFailure(answer)) throw new Error(`answered ${answer.status}`);
    if (!answer.ok) break;
    const { resultats } = await answer.json();
    arrived.push(...batch.filter((row, n) => ['appliquee', 'deja_connue'].includes(resultats[n].statut)));
  }
  return arrived;
}

// Whether to go on. One by one: what was sent is not sent again. What is refused stays for the page, which says why.
async function sendPictures(db, person, row) {
  for (const { nom, nature } of [...row.preuves]) {
    if ((await openPages()).length > 0) return false;
    const picture = await done(db.transaction('preuves').objectStore('preuves').get(nom));
    if (picture) {
      const path = `/commandes/${row.action.order_id}/preuves?type=${nature}&tentative_id=${row.action.id}`;
      const answer = await fetch(path, { method: 'POST', headers: headers(person), body: picture, redirect: 'error' });
      if (isFailure(answer)) throw new Error(`answered ${answer.status}`);
      if (!answer.ok) return answer.status !== 401 && answer.status !== 403;
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
