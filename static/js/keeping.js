// The list of a door is kept on a phone where somebody asks for it: until midnight, or until they sign out (boot.js).
const box = document.getElementById("keeping");
const status = box.querySelector("[role=status]");
const scope = location.pathname;

async function keep() {
  const answer = await fetch(scope);
  if (answer.redirected || !answer.ok) throw answer;
  const files = (await answer.clone().text()).match(/\/static\/[^" ]+\?v=\w+/g);
  const cache = await caches.open(scope);
  await cache.addAll([box.dataset.marks, ...new Set(files)]);
  await cache.put(`${scope}/until`, new Response(new Date().setHours(24, 0, 0, 0)));
  await cache.put(scope, answer);
  await navigator.serviceWorker.register(box.dataset.worker, { scope });
}

async function drop() {
  await caches.delete(scope);
  await (await navigator.serviceWorker.getRegistration(scope))?.unregister();
}

async function show() {
  const until = await (await caches.match(`${scope}/until`, { cacheName: scope }))?.text();
  if (until && Date.now() > until) await drop();
  const here = await caches.has(scope);
  for (const button of box.querySelectorAll("button")) button.hidden = here === (button.value === "keep");
  status.textContent = here ? status.dataset.kept : "";
}

if (navigator.serviceWorker && self.caches) {
  box.hidden = false;
  box.addEventListener("click", async ({ target }) => {
    if (!target.value) return;
    try {
      await (target.value === "keep" ? keep() : drop());
      await show();
    } catch {
      await drop();
      await show();
      status.textContent = status.dataset.failed;
    }
  });
  show();
}
