// Decides while a page is answered what `stand` in consult/core/questionnaire/routing.py decides again when it is sent.

let language;
let edition;
let env;
const pieces = new Map();

const SPOOFING = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069]/g;
const LARGEST = 1e15;
const UNSEEN = 400; // milliseconds in which nobody has read a question

// What was typed, as answers.py reads it; empty where the server would object.

const cleaned = (typed) => language.trimmed(typed.normalize("NFC").replace(SPOOFING, "").replace(/\r\n?/g, "\n"));

/** Digits of any script stand together in Unicode, from nought to nine. */
function plainDigits(typed) {
  return typed.replace(/\p{Nd}/gu, (digit) => {
    const code = digit.codePointAt(0);
    let before = 0;
    while (/\p{Nd}/u.test(String.fromCodePoint(code - before - 1))) before += 1;
    return before % 10;
  });
}

function ungrouped(whole) {
  if (!/[.,\u066b]/.test(whole)) return whole;
  const well = /^[+-]?\d{1,3}([.,\u066b]\d{2,3})*[.,\u066b]\d{3}$/.test(whole);
  return well ? whole.replace(/[.,\u066b]/g, "") : whole;
}

function readNumber(typed, decimalMark) {
  const signs = { "\u2212": "-", "\uff0b": "+", "\uff0c": ",", "\uff0e": "." };
  let plain = plainDigits(typed.replace(/[\u2212\uff0b\uff0c\uff0e]/g, (sign) => signs[sign]));
  plain = plain.replace(/(\d)[\s'’\u00a0\u202f\u2009\u066c](?=\d{3}(?:\D|$))/g, "$1");
  const marks = plain.match(/[.,\u066b]/g) ?? [];
  if (marks.length) {
    const decimal = marks.at(-1);
    let grouping = marks.length > 1 && marks.filter((mark) => mark === decimal).length > 1;
    if (marks.length === 1 && decimal !== decimalMark && decimal !== "\u066b") {
      grouping = new RegExp(`^[+-]?[1-9]\\d{0,2}\\${decimal}\\d{3}$`).test(plain);
    }
    const place = plain.lastIndexOf(decimal);
    plain = grouping ? ungrouped(plain) : `${ungrouped(plain.slice(0, place))}.${plain.slice(place + 1)}`;
  }
  return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(plain) ? Number(plain) : NaN;
}

function numberIn(type, typed, decimalMark) {
  const bare = cleaned(typed);
  const number = bare && bare.length <= 60 ? readNumber(bare, decimalMark) : NaN;
  const fits = Math.abs(number) <= LARGEST && (type === "decimal" || Number.isInteger(number));
  return fits ? language.numberText(number) : "";
}

function dateIn(parts) {
  const [year, month, day] = parts.map((part) => plainDigits(language.trimmed(part)));
  if (![year, month, day].every((part) => /^\d{1,4}$/.test(part)) || year < 1000) return "";
  const iso = `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  const date = new Date(`${iso}T00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(iso) ? iso : "";
}

/** A number as it is shown, in the digits of the locale. */
function figures(number) {
  const digits = [...(edition.digits ?? "")];
  return number.replace(".", edition.point ?? edition.mark).replace(/\d/g, (digit) => digits[digit] ?? digit);
}

class Piece {
  constructor(step) {
    const found = document.getElementById(step.id);
    this.step = step;
    this.element = found?.closest(".question") ?? found;
    this.fields = step.type && this.element ? [...this.element.querySelectorAll("input, select, textarea")] : [];
    this.locked = new Set(this.fields.filter((field) => field.disabled));
    this.options = this.fields
      .filter((field) => field.matches("[type=radio], [type=checkbox]") && field.name === step.id)
      .concat([...(this.element?.querySelectorAll("option") ?? [])])
      .filter((option) => option.value !== "");
    this.refused = new Set();
    this.since = -Infinity;
    this.page = this.element?.closest(".page");
    this.shown = Boolean(this.element) && !this.element.hidden && !this.page?.hidden;
  }

  field(part) {
    const name = part ? `${this.step.id}.${part}` : this.step.id;
    return this.fields.find((field) => field.name === name && field.type !== "hidden");
  }

  chosen() {
    return this.options.filter((option) => option.checked || option.selected);
  }

  /** What is not offered any more is taken back. */
  offer(holds) {
    this.refused = new Set(this.options.filter((option) => !holds(option.value)));
    for (const option of this.options) {
      const gone = this.refused.has(option);
      (option.closest(".heard") ?? option.closest("label") ?? option).hidden = gone;
      if (option.tagName === "OPTION") option.disabled = gone;
      if (gone) option[option.tagName === "OPTION" ? "selected" : "checked"] = false;
    }
    for (const heard of this.element?.querySelectorAll("[data-choice]") ?? []) heard.hidden = !holds(heard.dataset.choice);
    const list = this.element?.querySelector("select");
    if (list && list.selectedIndex < 0) list.value = "";
    return this.refused.size < this.options.length;
  }

  answer() {
    const { type, codes } = this.step;
    const typed = this.field()?.value ?? "";
    switch (type) {
      case "integer":
      case "decimal":
        return numberIn(type, typed, edition.mark);
      case "date":
        return dateIn(["year", "month", "day"].map((part) => this.field(part)?.value ?? ""));
      case "text":
        return cleaned(typed);
      default: {
        const order = [...(codes ?? []), "other"];
        const found = this.chosen().map((option) => option.value);
        return found.sort((a, b) => order.indexOf(a) - order.indexOf(b)).join(" ");
      }
    }
  }

  /** As the server would write it. */
  write(value) {
    const field = this.field();
    if (field) field.value = this.step.type === "text" ? value : figures(value);
  }

  show(put) {
    const shown = put && !this.page?.hidden;
    const appeared = shown && !this.shown;
    if (appeared && !this.step.computed) this.since = performance.now();
    this.put = put;
    this.shown = shown;
    if (this.element) this.element.hidden = !put;
    for (const field of this.fields) field.disabled = !put || this.locked.has(field) || this.refused.has(field);
    return appeared;
  }
}

/** What a computed text or a default becomes as the answer of a question: of an integer, its whole part. */
function typed(step, value) {
  const whole = (number) => number && language.numberText(Math.trunc(Number(number)));
  if (step.type === "integer") return whole(numberIn("decimal", value, "."));
  if (step.type === "decimal") return numberIn("decimal", value, ".");
  return step.type ? cleaned(value) : value;
}

function words(piece, value) {
  const { type } = piece.step;
  if (!value) return "";
  if (piece.options.length) {
    return piece.chosen().map((option) => {
      const other = option.value === "other" && piece.field("other")?.value;
      return other || language.trimmed(option.text ?? option.nextElementSibling.textContent);
    }).join(", ");
  }
  if (type === "date") {
    const locale = `${document.documentElement.lang}-u-ca-gregory-nu-${edition.system ?? "latn"}`;
    return new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone: "UTC" }).format(new Date(`${value}T00:00Z`));
  }
  return type === "integer" || type === "decimal" ? figures(value) : value;
}

function computed(step, at) {
  const { kept, values } = env;
  if (!step.computed) return Array.isArray(step.default) ? language.stored(step.default, at) : step.default ?? "";
  const unchanged = step.trigger && kept[`${step.name}/trigger`] === (values[step.trigger] ?? "");
  return unchanged ? kept[`${step.name}/triggered`] : language.stored(step.computed, at);
}

function offers(step, code, at) {
  const row = step.rows[code];
  return row ? language.holds(step.filter, { ...at, choice: row }) : true;
}

/** The answer of a step that is put; undefined where nothing is left to choose. */
function answered(piece, at) {
  const { step } = piece;
  if (step.filter && !piece.offer((code) => offers(step, code, at))) return undefined;
  if (!step.type || step.computed) {
    const value = typed(step, computed(step, at));
    if (step.type) piece.write(value);
    return value;
  }
  const fresh = step.default && !piece.shown && !piece.page?.hidden && !piece.answer();
  if (fresh) piece.write(typed(step, language.stored(step.default, at)));
  return piece.answer();
}

function decide() {
  const relevant = new Map();
  let appeared = false;
  env.values = { ...env.fixed };
  for (const piece of pieces.values()) {
    const { step } = piece;
    const at = { ...env, place: step.name };
    const put =
      (relevant.get(step.parent) ?? true) &&
      !env.gone.includes(step.id) &&
      (!step.type || piece.element) &&
      (step.relevant === undefined || language.holds(step.relevant, at));
    relevant.set(step.id, Boolean(put));
    const answer = put ? answered(piece, at) : "";
    if (piece.show(Boolean(put) && answer !== undefined) && step.type) appeared = true;
    if (answer) env.values[step.name] = answer;
  }
  for (const place of document.querySelectorAll("[data-of]")) {
    const piece = pieces.get(place.dataset.of);
    place.textContent = words(piece, env.values[piece.step.name] ?? "");
  }
  return appeared;
}

function unfold(root) {
  for (const template of root.querySelectorAll("template")) {
    const inside = template.content;
    unfold(inside);
    for (const element of inside.children) element.hidden = true;
    template.replaceWith(inside);
  }
}

/** Begin on a page whose data block this is. */
export function start(block, evaluator) {
  language = evaluator;
  const given = JSON.parse(block.textContent);
  const form = block.closest("form");
  const status = form.querySelector("[role=status]");
  edition = given.edition;
  env = {
    today: new Intl.DateTimeFormat("sv", { timeZone: given.reader.zone }).format(), // as in ISO 8601
    ...given.reader,
    dot: "",
    lists: edition.lists,
    fixed: given.reader.values,
    label: (code, question) => edition.labels?.[question]?.[code] ?? code,
  };
  unfold(form);
  for (const step of edition.steps) pieces.set(step.id, new Piece(step));
  const again = (event) => {
    for (const piece of pieces.values()) if (piece.fields.includes(event?.target)) piece.since = -Infinity;
    status.textContent = decide() ? status.dataset.words : "";
  };
  form.addEventListener("input", again);
  if (form.method === "post") {
    // The server is told that choices followed the answers: those left open were offered as they are now.
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "followed" }));
    // A question that appears while somebody goes on is not sent: the server puts it to them.
    form.addEventListener("submit", () => {
      for (const piece of pieces.values()) {
        if (performance.now() - piece.since < UNSEEN) for (const field of piece.fields) field.disabled = true;
      }
    });
  }
  window.addEventListener("pageshow", again);
  again();
  return { pieces, decide, at: (step) => ({ ...env, place: step.name }) };
}
