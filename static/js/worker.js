// A kept questionnaire opens from the device, and so does its help; its page stands in for others where there is no network.

const scope = new URL(self.registration.scope).pathname;
const page = `${scope}/offline`;
const kept = (request) => caches.match(request, { cacheName: scope, ignoreVary: true });

self.onfetch = (event) => {
  const { request } = event;
  const { pathname } = new URL(request.url);
  // What is entered for somebody else is none of this.
  if (pathname.startsWith(`${scope}/interview`)) return;
  const part = pathname.startsWith(`${scope}/`) && pathname !== page;
  if (request.method !== "GET") return;
  if (request.mode === "navigate" && part) event.respondWith(fetch(request).catch(async () => (await kept(request)) ?? kept(page)));
  else event.respondWith(kept(pathname === scope ? page : request).then((found) => found ?? fetch(request)));
};
