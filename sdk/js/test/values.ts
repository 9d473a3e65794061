import { duration } from "./time.js";

export type Fields = Record<string, unknown>;

export const isObject = (value: unknown): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value);

const map = (value: unknown, leaf: (text: string) => unknown): unknown => {
  if (typeof value === "string") return leaf(value);
  if (Array.isArray(value)) return value.map((item) => map(item, leaf));
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, map(item, leaf)]));
  return value;
};

const name = "\\$([A-Za-z][A-Za-z0-9]*(?:\\.[A-Za-z0-9-]+)*)";
const wholeReference = new RegExp(`^${name}$`);
const anyReference = new RegExp(name, "g");

/** Puts fixtures in the place of their names: "$config", "$config.extensions.0", and {$: config, …} for the value with other fields. */
export const filler = (fixtures: Fields): ((value: unknown) => unknown) => {
  const named = (path: string, within: string[]): unknown => {
    if (within.includes(path)) throw new Error(`$${path} is made of itself`);
    const [first, ...parts] = path.split(".");
    if (!(first! in fixtures)) throw new Error(`there is no fixture $${first}`);
    let value = fill(fixtures[first!], [...within, path]);
    for (const part of parts) {
      if (typeof value !== "object" || value === null || !(part in value)) throw new Error(`there is no $${path}: nothing is called ${part}`);
      value = (value as Fields)[part];
    }
    return value;
  };

  const fill = (value: unknown, within: string[]): unknown => {
    if (typeof value === "string") {
      const whole = wholeReference.exec(value);
      return whole ? named(whole[1]!, within) : value.replace(anyReference, (_, path: string) => String(named(path, within)));
    }
    if (Array.isArray(value)) return value.map((item) => fill(item, within));
    if (!isObject(value)) return value;
    const like = value["$"];
    const full: Fields = {};
    if (typeof like === "string") Object.assign(full, named(like, within));
    for (const [key, item] of Object.entries(value)) {
      if (key === "$") continue;
      if (item === "<absent>" && like !== undefined) delete full[key];
      else full[key] = fill(item, within);
    }
    return full;
  };
  return (value) => structuredClone(fill(value, []));
};

/** The moment that "<now>" or "<now+90s>" means. */
const moment = (word: string): string | undefined => {
  const shift = /^<now([+-].*)?>$/.exec(word);
  return shift ? new Date(Date.now() + (shift[1] ? duration(shift[1]) : 0)).toISOString() : undefined;
};

/** Puts moments in the place of "<now>" in what the server sends. */
export const timed = (value: unknown): unknown => map(value, (text) => moment(text) ?? text);

/** All texts in a value. */
export const texts = (value: unknown): string[] => {
  const found: string[] = [];
  map(value, (text) => (found.push(text), text));
  return found;
};

export const isId = (value: unknown): boolean => typeof value === "string" && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value);
const isTime = (value: unknown): value is string => typeof value === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value);

const matchesWord = (word: string, got: unknown): boolean => {
  const list = /^<text with (.*)>$/.exec(word);
  if (list) return typeof got === "string" && list[1]!.split(", ").every((part) => got.toLowerCase().includes(part.toLowerCase()));
  switch (word) {
    case "<any>":
      return true;
    case "<text>":
      return typeof got === "string" && got !== "";
    case "<uuid>":
      return isId(got);
    case "<time>":
      return isTime(got);
  }
  const at = moment(word);
  if (!at) throw new Error(`there is no matcher ${word}`);
  return isTime(got) && Math.abs(Date.parse(at) - Date.parse(got)) <= 1;
};

const rest = "<rest>";

/** Where a value differs from what is wanted, exactly but for the words in angle brackets; undefined where it does not. */
export const difference = (want: unknown, got: unknown): string | undefined => {
  const differs = `: want ${written(want)}, got ${written(got)}`;
  if (typeof want === "string" && /^<.*>$/.test(want)) return matchesWord(want, got) ? undefined : differs;
  if (Array.isArray(want)) {
    if (!Array.isArray(got) || want.length !== got.length) return differs;
    for (const [i, item] of want.entries()) {
      const inner = difference(item, got[i]);
      if (inner) return `[${i}]${inner}`;
    }
    return undefined;
  }
  if (!isObject(want)) return want === got ? undefined : differs;
  if (!isObject(got)) return differs;
  for (const [key, item] of Object.entries(want)) {
    if (key === rest) continue;
    if (item === "<absent>") {
      if (key in got) return `.${key}: want none, got ${written(got[key])}`;
    } else if (!(key in got)) {
      return `.${key}: want ${written(item)}, got none`;
    } else {
      const inner = difference(item, got[key]);
      if (inner) return `.${key}${inner}`;
    }
  }
  for (const key of Object.keys(got)) if (!(key in want) && !(rest in want)) return `.${key}: want none, got ${written(got[key])}`;
  return undefined;
};

const longest = 600;

export const written = (value: unknown): string => {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > longest ? text.slice(0, longest) + "…" : text;
};

/** A value as JSON says it. What is undefined is told, for JSON has no such thing. */
export const plain = (value: unknown): unknown => (value === undefined ? "<undefined>" : JSON.parse(JSON.stringify(value)));

/** The value of a JSON text, null for none. */
export const decoded = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

/** Takes out fields that are null: in a request they count as absent. */
export const withoutNulls = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).flatMap(([key, item]) => (item === null ? [] : [[key, withoutNulls(item)]])));
};

/** Writes over everything in a value, as some desktops do with what they are given. */
export const spoil = (value: unknown): void => {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return;
  for (const [key, item] of Object.entries(value)) {
    spoil(item);
    (value as Fields)[key] = "spoiled";
  }
};
