// The little that pages gain from JavaScript. Nothing depends on it.

// The error summary is read first: focus goes where a reader has to begin.
document.querySelector("[data-focus]")?.focus();

// What an interviewer enters for somebody is not seen again: a page that the browser kept is asked for anew.
addEventListener("pageshow", (event) => {
  if (event.persisted && document.querySelector("[data-once]")) location.reload();
});

// The code of an invitation comes in the address after “#”, which no server sees: it moves into the field.
const field = document.querySelector("[data-fragment]");
if (field && /^#[0-9A-Z]{20,26}$/.test(location.hash)) {
  field.value ||= location.hash.slice(1);
  history.replaceState(null, "", location.pathname);
}

// The code at the end is shown once: the second of two clicks must not run into the page that shows it.
let sent = -Infinity;
document.querySelector("form[data-once]")?.addEventListener("submit", (event) => {
  if (event.timeStamp - sent < 1000) event.preventDefault();
  sent = event.timeStamp;
});

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
    button.textContent = button.dataset.done;
  });
}

// One sound is heard at a time; after a cut line it can be tried again.
document.documentElement.classList.add("js");
document.addEventListener("click", ({ target }) => {
  if (!target.matches(".play")) return;
  const sound = target.previousElementSibling;
  for (const other of document.querySelectorAll("audio")) if (other !== sound) other.pause();
  if (sound.error) sound.load();
  if (sound.paused) sound.play().catch(() => {});
  else sound.pause();
});
for (const state of ["play", "pause", "error"]) {
  document.addEventListener(state, ({ target }) => {
    if (target.matches("audio")) target.nextElementSibling.setAttribute("aria-pressed", state === "play");
  }, true);
}

// Where questions depend on each other, the rest is loaded after the first input.
const logic = document.querySelector("script[data-modules]");
logic?.closest("form").addEventListener("input", async () => {
  const [answering, expressions] = await Promise.all(logic.dataset.modules.split(" ").map((address) => import(address)));
  answering.start(logic, expressions);
}, { once: true });

// The offer to answer without a network.
const offer = document.querySelector("[data-keep]");
if (offer && navigator.serviceWorker) {
  offer.hidden = false;
  offer.querySelector("button").addEventListener("click", async () => (await import(offer.dataset.keep)).keep(offer));
}

// A list of names that was kept on this device (keeping.js) goes with who signs out.
if (document.querySelector("[data-forget]")) {
  self.caches?.keys().then((names) => names.filter((name) => name.endsWith("/check-in")).forEach((name) => caches.delete(name)));
}
