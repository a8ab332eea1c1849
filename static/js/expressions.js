// Evaluates expressions as the server does; consult/core/expressions/browser.py says what they are made of.

const DAY = 86400000;
const GRID = 2 ** 38;
const LONGEST = 65536;
// White space as Python knows it.
const SPACE = "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
const SPACES = new RegExp(SPACE + "+", "u");
const AROUND = new RegExp(`^${SPACE}+|${SPACE}+$`, "gu");
const NUMBER = /^-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;
const CLOCK = "([01]\\d|2[0-3]):([0-5]\\d)(?::([0-5]\\d)(?:\\.(\\d{1,9}))?)?(Z|[+-](?:[01]\\d|2[0-3]):?[0-5]\\d)?";
const TIME = new RegExp(`^${CLOCK}$`);
const MOMENT = new RegExp(`^(\\d{4})-(\\d{1,2})-(\\d{1,2})(?:[T ]${CLOCK})?$`);
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const WEEKDAYS = "Sun Mon Tue Wed Thu Fri Sat".split(" ");

export const trimmed = (text) => text.replace(AROUND, "");
const words = (text) => text.split(SPACES).filter(Boolean);
const padded = (number, length = 2) => String(number).padStart(length, "0");
const own = (object, key) => (object && Object.hasOwn(object, key) ? object[key] : "");
const first = (value) => (Array.isArray(value) ? value[0] ?? "" : value);

export function numberText(number) {
  if (Number.isInteger(number)) return String(BigInt(number));
  const [digits, exponent] = String(number).split("e-");
  if (!exponent) return digits;
  const sign = number < 0 ? "-" : "";
  return `${sign}0.${"0".repeat(exponent - 1)}${digits.replace(/[-.]/g, "")}`;
}

export const text = (value) => {
  value = first(value);
  return typeof value === "number" ? numberText(value) : String(value);
};
const truth = (value) => Boolean(first(value));
const set = (value) => (Array.isArray(value) ? value : [value]);

function number(value, env) {
  value = first(value);
  if (typeof value !== "string") return Number(value);
  const plain = plainNumber(value);
  return plain === null ? days(value, env) : plain;
}

function plainNumber(value) {
  const bare = trimmed(value);
  return NUMBER.test(bare) ? Number(bare) : null;
}

// Dates: days since 1970, midnights at one offset throughout, the fraction on a binary grid.

function utc(year, month, day) {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getTime();
}

const EARLIEST = utc(1, 1, 1);
const END = utc(10000, 1, 1);
const within = (milliseconds) => milliseconds >= EARLIEST && milliseconds < END;

const clocks = {};

/** Milliseconds east of UTC that the zone's clocks show at a moment. */
function offsetAt(moment, zone) {
  if (zone === "UTC") return 0;
  const whole = Math.floor(moment / 1000) * 1000;
  clocks[zone] ??= new Intl.DateTimeFormat("en-u-ca-gregory-nu-latn", {
    timeZone: zone, hourCycle: "h23", era: "short", year: "numeric", month: "numeric", day: "numeric", hour: "numeric",
    minute: "numeric", second: "numeric",
  });
  const part = {};
  for (const { type, value } of clocks[zone].formatToParts(whole)) part[type] = value;
  const year = part.era?.startsWith("B") ? 1 - part.year : Number(part.year);
  return utc(year, part.month, part.day) + ((part.hour * 60 + +part.minute) * 60 + +part.second) * 1000 - whole;
}

/** The moment at which the zone's clocks show this; of two the first, of none as before the change. */
function fromClock(wall, zone) {
  const before = offsetAt(wall - DAY, zone);
  const after = offsetAt(wall + DAY, zone);
  if (offsetAt(wall - before, zone) === before || offsetAt(wall - after, zone) !== after) return wall - before;
  return wall - after;
}

const clock = ([hour, minute, second = "0", fraction = ""]) =>
  ((hour * 60 + +minute) * 60 + +second) * 1000 + +fraction.slice(0, 3).padEnd(3, "0");

function zoneOffset(name) {
  if (name === "Z") return 0;
  return (name[0] === "-" ? -60000 : 60000) * (name.slice(1, 3) * 60 + +name.slice(-2));
}

/** What a text says: {day} in milliseconds, or with a time {moment}; undefined where there is no such date. */
function read(value, zone) {
  const found = MOMENT.exec(trimmed(value));
  if (!found) return undefined;
  const [, year, month, date, ...time] = found;
  const day = utc(year, month, date);
  const back = new Date(day);
  if (year < 1 || back.getUTCMonth() !== month - 1 || back.getUTCDate() !== +date) return undefined;
  if (time[0] === undefined) return { day };
  const wall = day + clock(time);
  const moment = time[4] ? wall - zoneOffset(time[4]) : fromClock(wall, zone);
  return within(moment) && within(moment + offsetAt(moment, zone)) ? { moment } : undefined;
}

function halfEven(value) {
  const near = Math.round(value);
  return Math.abs(value % 1) === 0.5 && near % 2 ? near - 1 : near;
}

function days(value, env) {
  const found = read(value, env.zone);
  if (!found) return NaN;
  if (found.moment !== undefined) return found.moment / DAY;
  return found.day / DAY - halfEven((env.offset / DAY) * GRID) / GRID;
}

const isoDay = (milliseconds) => {
  const date = new Date(milliseconds);
  return `${padded(date.getUTCFullYear(), 4)}-${padded(date.getUTCMonth() + 1)}-${padded(date.getUTCDate())}`;
};

function momentText(value, env) {
  const moment = halfEven(value * DAY);
  if ((moment + env.offset) % DAY === 0) return within(moment + env.offset) ? isoDay(moment + env.offset) : "";
  if (!within(moment)) return "";
  const offset = offsetAt(moment, env.zone);
  const local = moment + offset;
  if (!within(local)) return "";
  const east = Math.abs(offset) / 1000;
  const seconds = east % 60 ? `:${padded(east % 60)}` : "";
  const sign = offset < 0 ? "-" : "+";
  const zone = `${sign}${padded(Math.floor(east / 3600))}:${padded(Math.floor(east / 60) % 60)}${seconds}`;
  return `${isoDay(local)}T${new Date(local).toISOString().slice(-13, -1)}${zone}`;
}

function date(value, env) {
  const given = typeof value === "number" ? value : plainNumber(text(value));
  if (given !== null) return momentText(given, env);
  const found = read(text(value), "UTC");
  return !found ? "" : found.moment === undefined ? isoDay(found.day) : trimmed(value);
}

function formatted(value, pattern, env) {
  const found = read(date(value, env), env.zone);
  if (!found) return "";
  const at = new Date(found.day ?? found.moment + offsetAt(found.moment, env.zone));
  const year = at.getUTCFullYear();
  const month = at.getUTCMonth();
  const fields = {
    Y: padded(year, 4), y: padded(year % 100), m: padded(month + 1), n: month + 1, b: MONTHS[month],
    d: padded(at.getUTCDate()), e: at.getUTCDate(), H: padded(at.getUTCHours()), h: at.getUTCHours(),
    M: padded(at.getUTCMinutes()), S: padded(at.getUTCSeconds()), 3: padded(at.getUTCMilliseconds(), 3),
    a: WEEKDAYS[at.getUTCDay()], "%": "%",
  };
  return pattern.replace(/%([^\n])/gu, (all, letter) => (Object.hasOwn(fields, letter) ? fields[letter] : all));
}

const share = (milliseconds) => (((milliseconds % DAY) + DAY) % DAY) / DAY;

function decimalTime(value, env) {
  const moment = read(value, env.zone);
  if (moment?.moment !== undefined) return share(moment.moment + offsetAt(moment.moment, env.zone));
  const found = TIME.exec(trimmed(value));
  if (!found) return moment ? 0 : NaN;
  const zone = found[5];
  return share(clock(found.slice(1)) + (zone ? env.offset - zoneOffset(zone) : 0));
}

function rounded(value, digits = 0) {
  if (Number.isNaN(digits)) return NaN;
  if (!Number.isFinite(value) || !Number.isFinite(digits)) return value;
  const places = Math.trunc(Math.max(-400, Math.min(400, digits)));
  const [mantissa, exponent] = Math.abs(value).toExponential().split("e");
  const all = mantissa.replace(".", "");
  const kept = +exponent + places + 1;
  if (kept >= all.length) return value;
  if (kept < 0 || value === 0) return 0;
  const whole = BigInt(all.slice(0, kept) || 0) + (all[kept] >= "5" ? 1n : 0n);
  return Math.sign(value) * Number(`${whole}e${-places}`);
}

function power(base, exponent) {
  if (Number.isInteger(exponent) && Math.abs(exponent) <= 1024) {
    let product = 1;
    for (let times = Math.abs(exponent); times; times = Math.floor(times / 2), base *= base) {
      if (times % 2) product *= base;
    }
    return exponent < 0 ? 1 / product : product;
  }
  // As in C: 1 to whatever, and -1 to infinity, is 1.
  return base === 1 || (base === -1 && Math.abs(exponent) === Infinity) ? 1 : base ** exponent;
}

function extreme(found, env, before) {
  const numbers = numbersOf(found.flat(), env);
  if (!numbers.length || numbers.some(Number.isNaN)) return NaN;
  return numbers.reduce((best, next) => (before(next, best) ? next : best));
}

const numbersOf = (found, env) => found.filter((value) => value !== "").map((value) => number(value, env));
const added = (numbers) => numbers.reduce((sum, next) => sum + next, 0);
const between = (low, high, total) => (low === -1 || total >= low) && (high === -1 || total <= high);

function weighted(env, low, high, ...rest) {
  const weights = [];
  for (let place = 0; place + 1 < rest.length; place += 2) {
    if (truth(rest[place])) weights.push(number(rest[place + 1], env));
  }
  return between(low, high, added(weights));
}

function joined(separator, parts) {
  const all = parts.map(text).join(separator);
  return all.length > LONGEST ? [...all].slice(0, LONGEST).join("") : all;
}

function substring(value, start, length = Infinity) {
  const from = Math.floor(start + 0.5);
  const to = from + Math.floor(length + 0.5);
  return [...value].filter((_, place) => from <= place + 1 && place + 1 < to).join("");
}

function translate(value, old, fresh) {
  const from = [...old];
  const to = [...fresh];
  return Array.from(value, (letter) => (from.includes(letter) ? to[from.indexOf(letter)] ?? "" : letter)).join("");
}

/** In the order that the seed gives: the generator of Park and Miller, as OpenRosa has it. */
export function shuffled(items, seed) {
  const modulus = 2147483647n;
  let state = Number.isFinite(seed) ? BigInt(Math.trunc(seed)) % modulus : 0n;
  state = Number(state < 0n ? state + modulus : state) || 2147483646;
  const order = [...items];
  for (let last = order.length - 1; last > 0; last -= 1) {
    state = (state * 16807) % 2147483647;
    const chosen = Math.floor(((state - 1) / 2147483646) * (last + 1));
    [order[last], order[chosen]] = [order[chosen], order[last]];
  }
  return order;
}

const classes = {};
const isOf = (kind, letter) => (classes[kind] ??= new RegExp(`^${kind}$`, "u")).test(letter);

/** Runs a program of automaton.py: whether the pattern is found anywhere. */
function found(program, value) {
  const letters = [...value];
  const isWord = (place) => /^\w$/.test(letters[place] ?? "");
  let states = new Set();
  function enter(state, place, into) {
    if (into.has(state)) return;
    into.add(state);
    const instruction = program[state];
    if (Array.isArray(instruction)) for (const next of instruction) enter(next, place, into);
    else if (
      (instruction === 0 && place === 0) ||
      (instruction === 1 && place === letters.length) ||
      (instruction === 2 && isWord(place - 1) !== isWord(place))
    ) enter(state + 1, place, into);
  }
  for (let place = 0; ; place += 1) {
    enter(0, place, states);
    if (states.has(program.length)) return true;
    if (place === letters.length) return false;
    const after = new Set();
    for (const state of states) {
      const kind = program[state];
      if (typeof kind === "string" && isOf(kind, letters[place])) enter(state + 1, place + 1, after);
    }
    states = after;
  }
}

// Kinds of the arguments (text, number, boolean, any, set; the last repeats), and what is done with them.

const FUNCTIONS = {
  true: ["", () => true],
  false: ["", () => false],
  not: ["b", (_, holds) => !holds],
  boolean: ["b", (_, holds) => holds],
  "boolean-from-string": ["t", (_, value) => value === "1" || value === "true"],
  checklist: ["nnb", (_, low, high, ...answers) => between(low, high, answers.filter(Boolean).length)],
  "weighted-checklist": ["nna", weighted],
  selected: ["t", (_, value, code) => words(value).includes(trimmed(code))],
  "selected-at": ["tn", (_, value, place) => (place >= 0 ? words(value)[Math.trunc(place)] ?? "" : "")],
  "count-selected": ["t", (_, value) => words(value).length],
  "jr:choice-name": ["t", (env, value, name) => env.label(value, name)],
  pulldata: ["t", (env, list, column, by, key) =>
    own([...own(env.lists, list)].find((row) => own(row, by) === key), column)],
  string: ["t", (_, value) => value],
  concat: ["s", (_, ...parts) => joined("", parts.flat())],
  join: ["ts", (_, separator, ...parts) => joined(separator, parts.flat())],
  contains: ["t", (_, value, part) => value.includes(part)],
  "starts-with": ["t", (_, value, part) => value.startsWith(part)],
  "ends-with": ["t", (_, value, part) => value.endsWith(part)],
  "substring-before": ["t", (_, value, mark) => value.slice(0, Math.max(value.indexOf(mark), 0))],
  "substring-after": ["t", (_, value, mark) => (value.includes(mark) ? value.slice(value.indexOf(mark) + mark.length) : "")],
  substring: ["tn", (_, ...given) => substring(...given)],
  substr: ["tn", (_, value, start, end = Infinity) => [...value].slice(start, end).join("")],
  "string-length": ["t", (_, value) => [...value].length],
  "normalize-space": ["t", (_, value) => words(value).join(" ")],
  translate: ["t", (_, ...given) => translate(...given)],
  number: ["n", (_, value) => value],
  int: ["n", (_, value) => Math.trunc(value) + 0],
  round: ["n", (_, ...given) => rounded(...given)],
  floor: ["n", (_, value) => Math.floor(value) + 0],
  ceiling: ["n", (_, value) => Math.ceil(value) + 0],
  pow: ["n", (_, ...given) => power(...given)],
  exp10: ["n", (_, value) => power(10, value)],
  pi: ["", () => Math.PI],
  sum: ["s", (env, items) => added(numbersOf(items, env))],
  min: ["s", (env, ...items) => extreme(items, env, (a, b) => a < b)],
  max: ["s", (env, ...items) => extreme(items, env, (a, b) => a > b)],
  count: ["s", (_, items) => items.length],
  "count-non-empty": ["s", (_, items) => items.filter((value) => value !== "").length],
  position: ["s", () => 1],
  today: ["", (env) => env.today],
  date: ["a", (env, value) => date(value, env)],
  "date-time": ["a", (env, value) => date(value, env)],
  "format-date": ["at", (env, value, pattern) => formatted(value, pattern, env)],
  "format-date-time": ["at", (env, value, pattern) => formatted(value, pattern, env)],
  "decimal-date-time": ["n", (_, value) => value],
  "decimal-time": ["t", (env, value) => decimalTime(value, env)],
  randomize: ["sn", (env, items, seed = Number(env.kept[`${env.place}/randomize`])) => shuffled(items, seed)],
};
for (const name of "abs sqrt exp log log10 sin cos tan asin acos atan atan2".split(" ")) {
  FUNCTIONS[name] = ["n", (_, ...given) => Math[name](...given)];
}

const AS = { t: text, n: number, b: truth, a: first, s: set };

function call(name, given, env) {
  const [kinds, body] = FUNCTIONS[name];
  const values = given.map((part, place) => AS[kinds[place] ?? kinds.at(-1)](evaluate(part, env), env));
  return body(env, ...values);
}

function equal(left, right, env) {
  if (typeof left === "boolean" || typeof right === "boolean") return truth(left) === truth(right);
  if (typeof left !== "string" || typeof right !== "string") return number(left, env) === number(right, env);
  if (left === right) return true;
  return /^\d/.test(left) && Boolean(read(left, "UTC") && read(right, "UTC")) && number(left, env) === number(right, env);
}

/** What was drawn or computed once is kept by the server; what is not kept yet follows the answers. */
function keep(ordinal, inner, env) {
  const kept = env.kept[`${env.place}/${ordinal}/${inner[0]}`] ?? "";
  if (inner[0] === "random") return number(kept, env);
  if (kept) return kept;
  if (inner[0] === "now") return env.today;
  const value = inner[0] === "once" ? text(evaluate(inner[1], env)) : "";
  return value === "NaN" ? "" : value;
}

// What is not a strict function of its arguments.
const FORMS = {
  $: (env, name) => own(env.values, name),
  ".": (env) => env.dot ?? "",
  "..": () => "",
  "@": (env, column) => own(env.choice, column),
  neg: (env, operand) => -number(evaluate(operand, env), env),
  and: (env, ...items) => items.every((item) => truth(evaluate(item, env))),
  or: (env, ...items) => items.some((item) => truth(evaluate(item, env))),
  if: (env, condition, yes, no) => first(evaluate(truth(evaluate(condition, env)) ? yes : no, env)),
  coalesce(env, ...items) {
    let value = "";
    for (const item of items) {
      value = first(evaluate(item, env));
      if (value !== "" && !Number.isNaN(value)) break;
    }
    return value;
  },
  instance: (env, list, condition, column) =>
    [...own(env.lists, list)]
      .filter((row) => condition === null || truth(evaluate(condition, { ...env, choice: row })))
      .map((row) => own(row, column)),
  keep: (env, ordinal, inner) => keep(ordinal, inner, env),
  regex: (env, value, program) => found(program, text(evaluate(value, env))),
  "=": (env, left, right) => equal(first(evaluate(left, env)), first(evaluate(right, env)), env),
  "!=": (env, left, right) => !FORMS["="](env, left, right),
};
const OPERATORS = {
  "+": (a, b) => a + b, "-": (a, b) => a - b, "*": (a, b) => a * b, div: (a, b) => a / b, mod: (a, b) => a % b,
  "<": (a, b) => a < b, "<=": (a, b) => a <= b, ">": (a, b) => a > b, ">=": (a, b) => a >= b,
};
for (const [sign, apply] of Object.entries(OPERATORS)) {
  FORMS[sign] = (env, left, right) => apply(number(evaluate(left, env), env), number(evaluate(right, env), env));
}

/** The value of a tree; of a node-set all values. Never throws, whatever was answered. */
export function evaluate(tree, env) {
  if (!Array.isArray(tree)) return tree;
  const [name, ...given] = tree;
  return FORMS[name] ? FORMS[name](env, ...given) : call(name, given, env);
}

export const value = (tree, env) => first(evaluate(tree, env));
export const holds = (tree, env) => truth(evaluate(tree, env));
export const asNumber = (tree, env) => number(evaluate(tree, env), env);

/** What a calculation stores: empty where a number could not be computed. */
export function stored(tree, env) {
  const found = value(tree, env);
  return Number.isNaN(found) ? "" : text(found);
}
