/* Keeps the job sheet that was opened last, and what it is drawn with, so that it opens where there is no network.
   What is sent from it meanwhile waits here, and goes once the network is back. Nothing else is ever kept.
   And it shows the notices that the portal sends to this device. */
"use strict";

const SHEET = "sheet", FILES = "files";
const IS_SHEET = /^\/orders\/\d+\/$/, IS_SEND = /^\/orders\/\d+\/work\/$/;
const HASHED = /\.[0-9a-f]{12}\.\w+$/;
const LONGEST_MS = 14 * 24 * 3600e3; // then it is no longer true
const SLOW_MS = 8000; // a cellar with one bar is no better than none
const WAITS = ["start", "hold", "resume", "finish", "photo"]; // what is only kept, the sheet's own draft holds

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

addEventListener("fetch", (event) => {
  const { request } = event, url = new URL(request.url), path = url.pathname;
  if (url.origin !== location.origin) return;
  if (request.method === "GET" && path.startsWith("/static/")) event.respondWith(file(request, path));
  else if (request.method === "GET" && request.mode === "navigate" && IS_SHEET.test(path)) event.respondWith(sheet(event, path));
  else if (request.method === "POST" && IS_SEND.test(path)) event.respondWith(send(event, path));
  else if (request.method === "POST" && path === "/accounts/logout/") event.waitUntil(forget());
  else if (request.mode === "navigate" && path === "/accounts/login/") event.waitUntil(caches.delete(SHEET)); // whoever comes next
});

async function file(request, path) {
  const kept = await caches.match(request);
  if (kept && HASHED.test(path)) return kept;
  try {
    return await fetch(request);
  } catch (error) {
    return kept || Response.error();
  }
}

async function sheet(event, path) {
  const kept = await (await caches.open(SHEET)).match(path);
  const late = new Promise((answer, refuse) => kept && setTimeout(refuse, SLOW_MS, "slow"));
  try {
    const answer = await Promise.race([fetch(event.request), late]);
    if (answer.ok && !answer.redirected) event.waitUntil(keep(path, answer.clone()));
    return answer.status === 404 ? await inOtherHands(path, answer) : answer;
  } catch (error) {
    return kept ? asCopy(kept) : nothing();
  }
}

/* One sheet at most: the last. */
async function keep(path, answer) {
  const headers = new Headers(answer.headers), page = await answer.text(), cache = await caches.open(SHEET);
  headers.delete("Content-Encoding");
  headers.set("X-Kept-At", new Date().toISOString());
  for (const other of await cache.keys()) await cache.delete(other);
  await cache.put(path, new Response(page, { headers }));
}

async function asCopy(kept) {
  const page = await kept.text(), at = kept.headers.get("X-Kept-At");
  return new Response(page.replace("<html ", `<html data-copy="${at}" `), { headers: kept.headers });
}

async function nothing() {
  const [last] = await (await caches.open(SHEET)).keys();
  const link = last ? `<p>The sheet that was opened last opens without it: <a href="${new URL(last.url).pathname}">open that one</a>.</p>` : "";
  return bare(503, "No network", `<p>This sheet was not opened here before, so there is no copy of it.</p>${link}`);
}

/* Somebody else was given the order while its sheet waited here. Only that there was something is told, not what. */
async function inOtherHands(path, answer) {
  const left = await waiting(path);
  if (!left.length) return answer;
  const told = "<p>Something that was pressed on its sheet on this device could not be sent. Tell whoever plans the work what you did.</p>";
  return bare(404, "This order is in other hands now", `${told}<p><a href="/orders/">Work orders</a></p>`);
}

function bare(status, title, body) {
  const head = `<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title} · Fettle</title>`;
  const headers = { "Content-Type": "text/html; charset=utf-8" };
  return new Response(`<!doctype html><html lang="en"><head>${head}</head><body><main><h1>${title}</h1>${body}</main></body></html>`, { status, headers });
}

async function send(event, path) {
  const { request } = event, again = request.clone();
  try {
    const answer = await fetch(request);
    if (answer.type === "opaqueredirect") event.waitUntil(settled(path)); // taken: what was refused before is no more
    return answer;
  } catch (error) {
    const form = await again.formData(), act = form.get("act"), waits = WAITS.includes(act);
    if (waits) {
      const at = new Date().toISOString();
      await store("readwrite", (box) => box.add({ path, act, as: form.get("as"), at, entries: [...form] }));
      await registration.sync?.register("send").catch(() => {});
    }
    if (request.mode === "navigate") return Response.redirect(path.replace("work/", ""), 303);
    return waits ? new Response(null, { status: 204, headers: { "HX-Trigger": "waits" } }) : Response.error();
  }
}

/* A browser insists that something is shown for each message, whatever was in it. */
addEventListener("push", (event) => {
  let said = {};
  try { said = event.data.json(); } catch (error) { /* not ours, or cut short */ }
  const { title = "Fettle", body = "Something needs somebody.", href = "/", tag } = said;
  event.waitUntil(registration.showNotification(title, { body, tag, data: { href }, icon: "{{ icon }}", badge: "{{ icon }}" }));
});

addEventListener("notificationclick", (event) => {
  event.notification.close();
  const place = new URL(event.notification.data?.href ?? "/", location.origin);
  if (place.origin === location.origin) event.waitUntil(open(place.href));
});

/* The window that is open already goes there, unless somebody types on a job sheet in it. */
async function open(href) {
  const windows = await clients.matchAll({ type: "window", includeUncontrolled: true });
  const free = windows.find((one) => !IS_SHEET.test(new URL(one.url).pathname));
  if (!free) return clients.openWindow(href);
  await free.focus();
  return free.navigate(href).catch(() => clients.openWindow(href));
}

/* The push service gives out another address: the portal is told, if somebody is signed in here. */
addEventListener("pushsubscriptionchange", (event) => event.waitUntil((async () => {
  const page = await fetch("{% url 'maintenance:devices' %}", { cache: "no-store" });
  const token = (await page.text()).match(/data-token="([^"]+)"/)?.[1];
  const options = event.oldSubscription?.options;
  const fresh = event.newSubscription ?? (options && await registration.pushManager.subscribe(options));
  if (page.redirected || !token || !fresh) return;
  await fetch("{% url 'maintenance:device-on' %}", { method: "POST", body: JSON.stringify(fresh), headers: { "Content-Type": "application/json", "X-CSRFToken": token } });
})()));

/* Where there is no background sync, the page says when the network is back. */
addEventListener("sync", (event) => event.tag === "send" && event.waitUntil(sendAll()));

addEventListener("message", (event) => {
  const { what, path, files, id } = event.data;
  if (what === "send") event.waitUntil(sendAll().catch(() => {}));
  if (what === "forget") event.waitUntil(forget());
  if (what === "discard") event.waitUntil(store("readwrite", (box) => box.delete(id)).then(() => event.ports[0].postMessage(true)));
  if (what === "waiting") event.waitUntil(waiting(path).then((found) => event.ports[0].postMessage(found)));
  if (what === "drawn") event.waitUntil(drawn(path, files));
});

/* A sheet says what it was drawn with; what the one before was drawn with may go. */
async function drawn(path, files) {
  const cache = await caches.open(FILES), wanted = new Set(files.map((name) => new URL(name, location).href));
  for (const old of await cache.keys()) if (!wanted.delete(old.url)) await cache.delete(old);
  await Promise.all([...wanted].map((name) => cache.add(name).catch(() => {})));
  if (await (await caches.open(SHEET)).match(path)) return;
  const answer = await fetch(path);
  if (answer.ok && !answer.redirected) await keep(path, answer);
}

async function waiting(path) {
  const all = await store("readonly", (box) => box.getAll());
  return all.filter((one) => one.path === `${path}work/`).map(({ id, act, at, wrong, as }) => ({ id, act, at, wrong, as }));
}

async function settled(path) {
  const wrong = (await waiting(path.replace("work/", ""))).filter((one) => one.wrong);
  await store("readwrite", (box) => wrong.forEach((one) => box.delete(one.id)));
}

let underway = null;
function sendAll() {
  underway ??= sendEach().finally(() => { underway = null; });
  return underway;
}

async function sendEach() {
  for (const one of await store("readonly", (box) => box.getAll())) {
    const isOld = Date.now() - Date.parse(one.at) > LONGEST_MS;
    if (isOld) await store("readwrite", (box) => box.delete(one.id));
    if (isOld || one.wrong) continue; // what was refused, a person has to look at
    const sheet = one.path.replace("work/", ""), page = await fetch(sheet, { cache: "no-store" });
    if (page.redirected || page.status >= 500) return; // signed out, or the portal is not well: later
    const words = await page.text(), token = words.match(/name="csrfmiddlewaretoken" value="([^"]+)"/)?.[1];
    if (!page.ok || !token || words.match(/data-user="(\d+)"/)?.[1] !== one.as) continue; // not of whoever is signed in
    const form = new FormData();
    for (const [name, value] of one.entries) if (name !== "csrfmiddlewaretoken") form.append(name, value);
    form.set("csrfmiddlewaretoken", token);
    const answer = await fetch(one.path, { method: "POST", body: form, headers: { "X-Late": "1" }, redirect: "manual" });
    if (answer.type === "opaqueredirect" || answer.status >= 500) return;
    const said = await answer.json().catch(() => ({ wrong: `The portal answered ${answer.status}.` }));
    if (answer.ok && said.said) {
      await store("readwrite", (box) => box.delete(one.id));
      await tell({ what: "sent", sheet, said: said.said });
    } else await refused(one, sheet, said.wrong);
  }
}

async function refused(one, sheet, wrong) {
  await store("readwrite", (box) => box.put({ ...one, wrong }));
  await tell({ what: "refused", sheet });
}

async function tell(what) {
  for (const page of await clients.matchAll({ type: "window" })) page.postMessage(what);
}

async function forget() {
  for (const name of await caches.keys()) await caches.delete(name);
  await store("readwrite", (box) => box.clear());
}

function store(mode, work) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open("fettle", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("waiting", { keyPath: "id", autoIncrement: true });
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const base = opening.result, deal = base.transaction("waiting", mode), asked = work(deal.objectStore("waiting"));
      deal.oncomplete = () => { base.close(); resolve(asked?.result); };
      deal.onabort = deal.onerror = () => { base.close(); reject(deal.error); };
    };
  });
}
