// The worker behind /authenticator: keeps that app's own files and its empty page for the time without a network, and shows
// that a request waits when a push wakes it. No other page and no answer of the server goes through it (R58).
//
// The server writes before this: SHELL, the page; FILES, all that it loads; NAME, which changes with them; ICON.
// Should it ever have to go, the server sends `retire()` instead of `work()`: see `authenticator.offline` in the settings.
'use strict';

const DATABASE = 'regain-authenticator';
const WORDS = 'words';

function work() {
  self.addEventListener('install', (event) => event.waitUntil(install()));
  self.addEventListener('activate', (event) => event.waitUntil(activate()));
  self.addEventListener('fetch', answer);
  self.addEventListener('push', (event) => event.waitUntil(tell()));
  self.addEventListener('notificationclick', (event) => {
    event.notification.close();
    event.waitUntil(open());
  });
}

// Takes itself and all that it keeps away.
function retire() {
  self.addEventListener('install', () => self.skipWaiting());
  self.addEventListener('activate', (event) => event.waitUntil(forget('').then(() => self.registration.unregister())));
}

async function install() {
  const cache = await caches.open(NAME);
  await cache.addAll([SHELL, ...FILES].map((path) => new Request(path, { cache: 'reload' })));
  await self.skipWaiting();
}

async function activate() {
  await forget(NAME);
  await self.clients.claim();
}

async function forget(but) {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== but).map((name) => caches.delete(name)));
}

async function kept(path) {
  const cache = await caches.open(NAME);
  return cache.match(path, { ignoreVary: true });
}

function answer(event) {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin) return;
  if (FILES.includes(pathname)) event.respondWith(kept(pathname).then((file) => file ?? fetch(request)));
  else if (request.mode === 'navigate' && pathname === SHELL) event.respondWith(page(event));
}

// The page as the server has it by now, in the person's language; the kept one where the server cannot be reached.
async function page(event) {
  try {
    const fresh = await fetch(event.request);
    if (fresh.ok) event.waitUntil(keep(fresh.clone()));
    if (fresh.status < 500) return fresh;
  } catch {
    // No network.
  }
  return (await kept(SHELL)) ?? Response.error();
}

// Only a page of the very files that are kept: another release's would miss its own.
async function keep(fresh) {
  const text = await fresh.clone().text();
  if (!FILES.every((path) => text.includes(path))) return;
  const cache = await caches.open(NAME);
  await cache.put(SHELL, fresh);
}

// What came says nothing but that something waits: the app asks what, under the phone's own key.
async function tell() {
  for (const page of await pages()) page.postMessage('look');
  const [title, body] = await Promise.all([word('title'), word('body')]);
  await self.registration.showNotification(title ?? self.location.hostname, {
    body: body ?? '',
    icon: ICON,
    tag: 'request',
    renotify: true,
    requireInteraction: true,
  });
}

async function open() {
  const [page] = await pages();
  if (page) await page.focus();
  else await self.clients.openWindow(SHELL);
}

async function pages() {
  const all = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  return all.filter((page) => new URL(page.url).pathname === SHELL);
}

// A word that the app has kept, in the person's language.
function word(name) {
  return new Promise((resolve) => {
    const opening = indexedDB.open(DATABASE, 1);
    // The app makes the database; without it there is no word.
    opening.onupgradeneeded = () => opening.transaction.abort();
    opening.onerror = () => resolve(undefined);
    opening.onsuccess = () => {
      const database = opening.result;
      const asking = database.transaction(WORDS).objectStore(WORDS).get(name);
      const end = () => {
        database.close();
        resolve(asking.readyState === 'done' && !asking.error ? asking.result : undefined);
      };
      asking.onsuccess = end;
      asking.onerror = end;
    };
  });
}
