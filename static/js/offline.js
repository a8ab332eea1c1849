// A questionnaire kept on a device (docs/adr/0010-offline.md). Its address names cache, store and worker.

const { subtle } = crypto;
const AES = "AES-GCM";
const CURVE = { name: "ECDH", namedCurve: "P-256" };
const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

const part = (id) => document.getElementById(`kept-${id}`);
const random = (length) => crypto.getRandomValues(new Uint8Array(length));
const bytes = (text) => new TextEncoder().encode(text);
const done = (work) => new Promise((resolve, reject) => {
  work.onsuccess = work.oncomplete = () => resolve(work.result);
  work.onerror = work.onabort = () => reject(work.error);
});

/** Take them off this device. */
async function remove(...scopes) {
  for (const scope of scopes) {
    await done(indexedDB.deleteDatabase(scope));
    await (await navigator.serviceWorker.getRegistration(scope))?.unregister();
    await caches.delete(scope);
  }
}

/** The same for all to see; then on to another page. */
async function leave(address, ...scopes) {
  document.body.replaceChildren(part("gone").content);
  document.title = document.querySelector("h1").textContent;
  await remove(...scopes);
  const go = () => fetch(address).then(() => location.replace(address), () => addEventListener("online", go, { once: true }));
  await go();
}

export async function keep(offer) {
  const scope = location.pathname;
  const page = `${scope}/offline`;
  try {
    const html = await (await fetch(page)).text();
    const files = (what) => [...new Set(html.match(what))];
    const cache = await caches.open(scope);
    await cache.addAll([page, `${scope}/help`, ...files(/\/static\/[^" ]+\?v=\w+/g)]);
    await Promise.allSettled(files(/\/media\/[^" ]+/g).map((file) => cache.add(file))); // sounds and pictures
    await navigator.serviceWorker.register(`${scope}/worker.js`, { scope });
    location.assign(page);
  } catch {
    offer.textContent = offer.dataset.failed;
    await remove(scope);
  }
}

async function open(scope) {
  const opening = indexedDB.open(scope);
  opening.onupgradeneeded = () => opening.result.createObjectStore("kept");
  const database = await done(opening);
  database.onversionchange = () => database.close();
  return () => database.transaction("kept", "readwrite").objectStore("kept");
}

/** For consult/core/envelope.py. The key is used once, so the nonce may be anything. */
async function seal(text, recipient, context) {
  const own = await subtle.generateKey(CURVE, false, ["deriveBits"]);
  const sender = new Uint8Array(await subtle.exportKey("raw", own.publicKey));
  const theirs = await subtle.importKey("raw", recipient, CURVE, false, []);
  const shared = await subtle.deriveBits({ name: "ECDH", public: theirs }, own.privateKey, 256);
  const secret = await subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const derived = { name: "HKDF", hash: "SHA-256", salt: sender, info: recipient };
  const key = await subtle.deriveKey(derived, secret, { name: AES, length: 256 }, false, ["encrypt"]);
  const once = { name: AES, iv: new Uint8Array(12), additionalData: bytes(context) };
  return [sender, await subtle.encrypt(once, key, bytes(text))];
}

function gathered(entries) {
  const found = {};
  for (const [name, value] of entries) (found[name] ??= []).push(value);
  return found;
}

const chosen = (field) => field.matches("[type=radio], [type=checkbox]");
const filled = (field) => field.type !== "hidden" && !field.disabled && (chosen(field) ? field.checked : field.value.trim());
const empty = (page) => [...page.querySelectorAll(".question")].every((question) => question.closest(".page [hidden]"));

async function begin(root) {
  const { scope, edition, context, recipient, modules } = root.dataset;
  const exit = async () => leave(`${scope}/exit`, ...(await caches.keys()));
  if (location.pathname === `${scope}/exit`) return exit();
  if (!(await caches.has(scope))) return; // nobody chose to keep it
  const [answering, language] = await Promise.all(modules.split(" ").map((address) => import(address)));
  const store = await open(scope);
  const form = root.querySelector("form");
  const pages = [...form.querySelectorAll(".page")];
  const check = pages.length; // all are shown
  let key;
  let saving = Promise.resolve();
  let place = 0;
  let code = "";
  let logic;

  const state = part("state");
  const say = (word) => { // once, for those who hear it
    if (state.textContent !== state.dataset[word]) state.textContent = state.dataset[word];
  };

  async function send() {
    const sealed = await done(store().get("sealed"));
    if (!sealed) return false;
    say("waiting");
    const body = new FormData();
    body.set("edition", edition);
    body.set("sealed", new Blob(sealed));
    body.set("code", code);
    fetch(`${scope}/offline`, { method: "POST", body }).then(async ({ redirected, status, url }) => {
      if (!redirected || !url.includes(`${scope}/`)) return say(status === 410 ? "closed" : "failed");
      await remove(scope);
      if (root.isConnected) location.replace(url); // or they have left
    }, () => {});
    return true;
  }

  function save() {
    saving = saving.then(async () => {
      const iv = random(12);
      const text = bytes(JSON.stringify([place, [...new FormData(form)]]));
      await done(store().put([iv, await subtle.encrypt({ name: AES, iv }, key, text)], "draft"));
    }).then(() => say("kept"), () => say("unsaved"));
  }

  async function restore() {
    const [iv, draft] = (await done(store().get("draft"))) ?? [];
    if (!draft) return;
    const [at, entries] = JSON.parse(new TextDecoder().decode(await subtle.decrypt({ name: AES, iv }, key, draft)));
    const values = gathered(entries);
    for (const field of form.elements) {
      const given = values[field.name] ?? [];
      if (chosen(field)) field.checked = given.includes(field.value);
      else if (given.length) field.value = given.shift();
    }
    place = at;
  }

  const view = () => pages.forEach((page, number) => { page.hidden = place < check ? number !== place : empty(page); });

  function show() {
    view();
    logic.decide();
    part("next").hidden = place === check;
    part("check").hidden = part("finish").hidden = place < check;
    part("back").hidden = pages.slice(0, place).every(empty);
    (pages[place] ?? part("check")).querySelector("h2").focus();
  }

  function turn(step) {
    do place += step; while (place < check && empty(pages[place]));
    show();
    save();
  }

  /** What is wrong, as far as it can be told here. */
  function problem(piece) {
    const { step } = piece;
    const at = logic.at(step);
    if (!piece.fields.some((field) => filled(field) && !/\.(other|calendar)$/.test(field.name))) {
      return step.required && language.holds(step.required, at) && "required";
    }
    if (step.left || step.computed) return false;
    const dot = piece.answer();
    return dot ? step.constraint && !language.holds(step.constraint, { ...at, dot }) && "constraint" : step.type;
  }

  /** Say what is wrong on a page, and go there. */
  function complain(page) {
    let first;
    for (const error of page.querySelectorAll(".error")) {
      const piece = logic.pieces.get(error.dataset.of);
      const words = error.dataset[piece.put && problem(piece)] ?? "";
      error.textContent = words;
      error.hidden = !words;
      for (const field of piece.fields) words ? field.setAttribute("aria-invalid", true) : field.removeAttribute("aria-invalid");
      if (words) first ??= document.getElementById(piece.step.id);
    }
    first?.focus();
    return first;
  }

  async function finish() {
    const answers = gathered(new FormData(form));
    form.remove(); // nobody finishes twice
    await saving;
    code = Array.from(random(26), (byte, at) => LETTERS[byte & (at ? 31 : 7)]).join("");
    const sealed = await seal(JSON.stringify({ code, answers }), Uint8Array.from(atob(recipient), (letter) => letter.charCodeAt()), context);
    const all = store();
    all.clear();
    all.put(sealed, "sealed");
    await done(all.transaction);
    part("code").textContent = code.match(/.{1,4}/g).join(" ");
    part("finished").hidden = false;
    part("finished").focus();
    send();
  }

  root.hidden = false;
  part("without").hidden = true;
  document.querySelector(".exit a").onclick = () => {
    exit();
    return false;
  };
  part("remove").onclick = ({ target }) => confirm(target.dataset.sure) && leave(scope, scope);
  addEventListener("online", send);
  if (await send()) return form.remove();
  key = (await done(store().get("key"))) ?? (await subtle.generateKey({ name: AES, length: 256 }, false, ["encrypt", "decrypt"]));
  await done(store().put(key, "key"));
  await restore();
  logic = answering.start(form.querySelector("script"), language);
  form.oninput = () => {
    view();
    save();
  };
  form.onsubmit = () => {
    if (form.querySelector("[data-away]:checked")) { // nothing is kept
      leave(`${scope}/away`, scope);
      return false;
    }
    const wrong = (place < check ? [pages[place]] : pages).some(complain);
    if (!wrong) place < check ? turn(1) : finish().catch(() => location.reload());
    return false;
  };
  part("back").onclick = () => turn(-1);
  say("kept");
  show();
}

const root = document.querySelector("[data-scope]");
if (root) begin(root);
else if (part("gone") && self.caches) caches.keys().then((scopes) => remove(...scopes));
