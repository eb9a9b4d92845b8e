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

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== location.origin || request.method !== 'GET') return;
  if (request.mode === 'navigate' && pathname === SHELL) event.respondWith(page(request));
  else if (FILES.includes(pathname)) event.respondWith(file(request));
});

// Background Sync. An open page sends by itself; else what is due goes out from here, and the page reads its
// answers when it sends the same again: the server takes each action once.
self.addEventListener('sync', (event) => {
  const [, person] = /^envoi-(\d+)$/.exec(event.tag) ?? [];
  if (person) event.waitUntil(send(person));
});

async function send(person) {
  const pages = await self.clients.matchAll({ type: 'window' });
  const open = pages.filter(({ url }) => new URL(url).pathname === SHELL);
  if (open.length > 0) {
    for (const client of open) client.postMessage('envoyer');
    return;
  }
  await navigator.locks.request(`livreur-${person}`, async () => {
    let rows = await outbox(person);
    const wait = Math.max(0, ...rows.map(({ due }) => due - Date.now()).filter((ms) => ms <= 11_000));
    if (wait > 0) {
      await new Promise((good) => { setTimeout(good, wait); });
      rows = await outbox(person);
    }
    for (let at = 0; at < rows.length; at += 50) {
      const actions = rows.slice(at, at + 50).map(({ action }) => action);
      const answer = await fetch('/_fn/send_actions', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-utilisateur': person },
        body: JSON.stringify({ batch: { envoye_le: new Date().toISOString(), actions } }),
      });
      // Tried again by the browser, but for a session that has ended: that needs the person.
      if (!answer.ok && answer.status !== 401) throw new Error(`answered ${answer.status}`);
    }
  });
}

function outbox(person) {
  return new Promise((good, bad) => {
    const request = indexedDB.open(`livreur-${person}`);
    request.onerror = () => bad(request.error);
    request.onsuccess = () => {
      const db = request.result;
      const rows = db.transaction('actions').objectStore('actions').getAll();
      rows.onsuccess = () => {
        db.close();
        const all = rows.result.map((text) => JSON.parse(text));
        // What was refused waits for the person, and what comes after it for the same order too.
        const stuck = new Set(all.filter(({ ennui }) => ennui).map(({ action }) => action.order_id));
        good(all.filter(({ recue, action }) => !recue && !stuck.has(action.order_id)));
      };
      rows.onerror = () => { db.close(); bad(rows.error); };
    };
  });
}
