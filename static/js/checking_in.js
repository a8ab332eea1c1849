// Checking in at the door. A mark stays on this phone until the server has it, so that nothing is lost where there is no network;
// it says how somebody is to be marked, so that nothing counts twice. Names are on the page alone. Without this the page is a form.
const door = document.getElementById("door");
const marking = door.querySelector(".marks");
const status = door.querySelector("[role=status]");
const search = document.getElementById("search");
const scan = document.getElementById("scan");
const camera = document.getElementById("camera");
const count = door.querySelector(".count");
const cards = new Map([...door.querySelectorAll(".arrivals > li")].map((card) => [card.id, card]));
const place = `marks:${location.pathname}`;
const EVERY = 20_000;
let sending = false;

const kept = () => JSON.parse(localStorage.getItem(place) ?? "{}");
const keep = (marks) => Object.keys(marks).length ? localStorage.setItem(place, JSON.stringify(marks)) : localStorage.removeItem(place);

function say(words = "") {
  if (status.textContent !== words) status.textContent = words; // once, for those who hear it
  status.hidden = !words;
}

function show(ticket, mark) {
  const card = cards.get(ticket);
  if (!card) return;
  card.dataset.mark = mark;
  for (const button of card.querySelectorAll("button")) {
    const own = button.dataset.mark;
    button.setAttribute("aria-pressed", own === mark);
    button.value = `${ticket}.${own === mark ? "open" : own}`;
  }
}

function tally() {
  const here = [...cards.values()].filter((card) => card.dataset.mark === "here").length;
  count.textContent = count.dataset.words.replace("#", here.toLocaleString(document.documentElement.lang));
}

/** What waits goes to the server; what others marked meanwhile comes back. */
async function send() {
  if (sending) return;
  sending = true;
  const sent = Object.entries(kept());
  const body = new FormData();
  body.set("csrf_token", marking.elements.csrf_token.value);
  for (const [ticket, mark] of sent) body.append("mark", `${ticket}.${mark}`);
  const order = sent.length ? { method: "POST", body, headers: { Accept: "application/json" } } : {};
  try {
    const answer = await fetch(sent.length ? location.pathname : door.dataset.marks, { ...order, signal: AbortSignal.timeout(EVERY) });
    if (answer.redirected || (answer.status >= 400 && answer.status < 500)) return say(status.dataset.out);
    if (!answer.ok) throw answer;
    const marks = await answer.json();
    const rest = kept(); // somebody may have been marked meanwhile
    for (const [ticket, mark] of sent) if (rest[ticket] === mark) delete rest[ticket];
    keep(rest);
    if (await self.caches?.has(location.pathname)) (await caches.open(location.pathname)).put(door.dataset.marks, new Response(JSON.stringify(marks)));
    for (const [ticket, mark] of Object.entries({ ...marks, ...rest })) show(ticket, mark);
    tally();
    if (sent.some(([ticket]) => !(ticket in marks))) say(status.dataset.gone);
    else if (status.textContent === status.dataset.waiting) say(status.dataset.sent);
    if (Object.keys(rest).length) setTimeout(send);
  } catch {
    if (sent.length) say(status.dataset.waiting);
  } finally {
    sending = false;
  }
}

function mark(ticket, how) {
  keep({ ...kept(), [ticket]: how });
  show(ticket, how);
  begin();
}

/** As `participation.codes.plain` reads it. */
const plain = (typed) => typed.toUpperCase().replace(/[^0-9A-Z]/g, "").replace(/O/g, "0").replace(/[IL]/g, "1");
const meant = (typed) => [...cards.values()].find((card) => plain(card.id) === plain(typed));

function filter() {
  const typed = search.value.trim().toLocaleLowerCase();
  const ticket = meant(typed);
  for (const card of cards.values()) card.hidden = !(card === ticket || card.dataset.find.toLocaleLowerCase().includes(typed));
}

function arrive(ticket) {
  const card = meant(ticket);
  if (!card) return say(status.dataset.unknown);
  mark(card.id, "here");
  say(card.querySelector("[data-mark=here]").textContent.trim().replace(/\s+/g, " "));
  card.scrollIntoView({ block: "center" });
}

async function watch() {
  if (camera.srcObject) {
    for (const track of camera.srcObject.getTracks()) track.stop();
    camera.srcObject = null;
  } else {
    camera.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } }).catch(() => null);
  }
  camera.hidden = !camera.srcObject;
  scan.setAttribute("aria-pressed", !camera.hidden);
  if (camera.hidden) return;
  await camera.play();
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  for (let last = ""; camera.srcObject; await new Promise((go) => setTimeout(go, 300))) {
    const [found] = await detector.detect(camera).catch(() => []);
    if (found && found.rawValue !== last) arrive(last = found.rawValue);
  }
}

/** As far as it is known here: on a page that was kept, marks are newer than the page. */
async function begin() {
  const known = await fetch(door.dataset.marks).then((answer) => (answer.redirected ? {} : answer.json())).catch(() => ({}));
  for (const [ticket, how] of Object.entries({ ...known, ...kept() })) show(ticket, how);
  tally();
  send();
}

if (marking) {
  marking.addEventListener("submit", (event) => {
    event.preventDefault();
    mark(...event.submitter.value.split("."));
  });
  search.addEventListener("input", filter);
  search.form.addEventListener("submit", (event) => {
    event.preventDefault();
    meant(search.value)?.querySelector("button").focus();
  });
  scan.hidden = !("BarcodeDetector" in self && navigator.mediaDevices);
  scan.addEventListener("click", watch);
  addEventListener("online", send);
  setInterval(() => document.hidden || send(), EVERY);
  begin();
}
