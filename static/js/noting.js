// Taking notes on a poor line: what is typed stays on this device until the server took it, and a quiet clock counts the minutes
// of a block. Without it the page is an ordinary form.
const form = document.querySelector(".saying");
const place = `note:${location.pathname}${location.search}`;
const clock = document.querySelector("[data-timer]");

/** Everything but what belongs to this sending of the page. */
const fields = () => [...new FormData(form)].filter(([name]) => !["csrf_token", "seen"].includes(name));

const keep = () => localStorage.setItem(place, JSON.stringify(fields()));

function restore() {
  const kept = localStorage.getItem(place);
  if (!kept || document.querySelector(".summary")) return; // the server sent back what was typed
  for (const field of form.querySelectorAll("[type=checkbox]")) field.checked = false;
  for (const [name, value] of JSON.parse(kept)) {
    const field = form.elements[name];
    if (field?.type === "checkbox") field.checked = true;
    else if (field) field.value = value;
  }
}

async function send(event) {
  event.preventDefault();
  const status = form.querySelector("[role=status]");
  const button = form.querySelector("button.button");
  if (button.disabled) return;
  button.disabled = true;
  try {
    const answer = await fetch(location.href, { method: "POST", body: new FormData(form) });
    const taken = answer.redirected && new URL(answer.url).pathname === location.pathname;
    if (!taken) return form.submit(); // refused, or signed out meanwhile: the page says why
    localStorage.removeItem(place);
    location.assign(answer.url);
  } catch {
    status.textContent = form.dataset.kept;
    button.disabled = false;
    addEventListener("online", () => form.requestSubmit(), { once: true });
  }
}

function tick() {
  const began = `block:${clock.dataset.timer}`;
  const start = Number(sessionStorage.getItem(began)) || Date.now();
  sessionStorage.setItem(began, start);
  const spent = Math.floor((Date.now() - start) / 60_000);
  clock.textContent = clock.dataset.words.replace("#", spent.toLocaleString(document.documentElement.lang));
}

restore();
form.addEventListener("input", keep);
form.addEventListener("submit", send);
if (clock) {
  tick();
  setInterval(tick, 10_000);
}
