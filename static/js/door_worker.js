// The list of a door that was kept on a phone for a day (keeping.js): from the network where there is one, else from here.
const scope = new URL(self.registration.scope).pathname;

async function kept(request) {
  const until = await (await caches.match(`${scope}/until`, { cacheName: scope }))?.text();
  if (Date.now() < until) return caches.match(request, { cacheName: scope, ignoreVary: true });
  await caches.delete(scope);
  await self.registration.unregister();
}

self.onfetch = (event) => {
  const { request } = event;
  const { pathname } = new URL(request.url);
  if (request.method !== "GET") return;
  if (pathname.startsWith("/static/")) event.respondWith(kept(request).then((found) => found ?? fetch(request)));
  else if ([scope, `${scope}/marks`].includes(pathname)) {
    event.respondWith(fetch(request).catch(async () => (await kept(request)) ?? Response.error()));
  }
};
