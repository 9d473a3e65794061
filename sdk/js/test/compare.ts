import { type Outcome, type Step, type WantedError, type WantedEvent, type WantedRequest, type WantedStream, book, fullTopic } from "./format.js";
import { type Asked, isUpload, keyOf, repeats } from "./server.js";
import type { Mode, Published, Stage } from "./stage.js";
import type { StreamAct } from "./stream.js";
import type { Tab } from "./tab.js";
import { type Fields, decoded, difference, isObject, withoutNulls, written } from "./values.js";

/** Compares everything that has happened since the last look with what the step wants. */
export const compare = (g: Stage, step: Step, tab: Tab, mode: Mode): string[] => {
  const { server } = g;
  const requests = (step.requests ?? []).map((w): WantedRequest => (typeof w === "string" ? { send: w } : w));
  const streams = (step.streams ?? []).map((w): WantedStream => (typeof w === "string" ? { by: w } : w));
  const events = g.events.get(tab.name) ?? [];
  if (step.anyOrder) {
    inOrder(requests, server.seen, (w, asked) => lineOf(w) === asked.line);
    inOrder(step.events ?? [], events, (w, event) => fullTopic(w.topic) === event.topic);
  }
  const compareEvents = (what: string, want: WantedEvent[], got: Published[]): string[] =>
    pairs(what, want, got, (w) => w.topic, shown, (w, event) =>
      fullTopic(w.topic) === event.topic ? compareOutcome(g, w, event) : `: got ${shown(event)}`,
    );
  const others = [...new Set([...g.events.keys(), ...Object.keys(step.tabs ?? {})])].filter((name) => name !== tab.name);

  return [
    ...g.wrong,
    ...server.wrong,
    ...pairs("request", requests, server.seen, lineOf, (asked) => `${asked.line} ${asked.body}`, (w, asked) => compareRequest(g, w, asked, tab)),
    ...pairs("stream", streams, server.streams, ({ by }) => by, ({ by }) => by, (w, act) => compareStream(w, act, step, tab)),
    ...pairs("frame", step.frames ?? [], server.frames, written, written, difference),
    ...compareEvents("event", step.events ?? [], events),
    ...others.flatMap((name) => compareEvents(`event in tab ${name}`, step.tabs?.[name]?.events ?? [], g.events.get(name) ?? [])),
    ...byName(step.heard, g.heard).flatMap(([name, want, got]) => compareEvents(`event at ${name}`, want, got)),
    ...compareReceivers(step, g, mode),
    ...compareReturns(g, step),
    ...(mode === "callbacks" ? compareCallbacks(g, step) : []),
    ...byName(step.floor, g.floors).flatMap(([name, want, got]) => pairs(`update of ${name}`, want, got, written, written, difference)),
    ...(g.asks === (step.asks ?? 0) ? [] : [`the token callback was called ${g.asks} times, want ${step.asks ?? 0}`]),
    ...("remembers" in step ? [difference(step.remembers, tab.remembers())].flatMap((d) => (d ? [`remembers${d}`] : [])) : []),
    ...leaks(g),
  ];
};

/** Brings what was got into the order of what is wanted, as far as there is anything alike. */
const inOrder = <W, G>(want: W[], got: G[], alike: (w: W, g: G) => boolean): void => {
  for (let i = 0; i < Math.min(want.length, got.length); i++) {
    const j = got.findIndex((item, at) => at >= i && alike(want[i]!, item));
    if (j > i) [got[i], got[j]] = [got[j]!, got[i]!];
  }
};

/** Compares lists in strict order. */
const pairs = <W, G>(what: string, want: W[], got: G[], showWant: (w: W) => string, showGot: (g: G) => string, differ: (w: W, g: G) => string | undefined): string[] => {
  const found: string[] = [];
  for (let i = 0; i < Math.max(want.length, got.length); i++) {
    if (i >= want.length) found.push(`unexpected ${what}: ${showGot(got[i]!)}`);
    else if (i >= got.length) found.push(`missing ${what}: ${showWant(want[i]!)}`);
    else {
      const inner = differ(want[i]!, got[i]!);
      if (inner) found.push(`${what} ${i + 1}, ${showWant(want[i]!)}${inner}`);
    }
  }
  return found;
};

/** What is wanted and what was got under each name. */
const byName = <W, G>(want: Record<string, W[]> = {}, got: Map<string, G[]>): [name: string, want: W[], got: G[]][] =>
  [...new Set([...Object.keys(want), ...got.keys()])].map((name) => [name, want[name] ?? [], got.get(name) ?? []]);

const shown = ({ topic, error, response }: Published): string => `${topic} ${written(error ?? response)}`;

// --- requests and streams ---

const lineOf = (w: WantedRequest): string => (w.send ?? w.again)!;

const needsKey = /^POST tenants\/[^/]+\/presence\/[^/]+(\/session|\/direction)?$/;

const compareRequest = (g: Stage, want: WantedRequest, got: Asked, tab: Tab): string | undefined => {
  if (got.line !== lineOf(want)) return `: got ${got.line} ${got.body}`;
  const found: (string | undefined)[] = [];
  if (want.again !== undefined) {
    if (!repeats(got, g.answered.get(got.line))) found.push(": it is not the same request again");
  } else {
    const body = difference(withoutNulls(want.body ?? null), withoutNulls(decoded(got.body)));
    found.push(body && `: body${body}`, compareKey(g, got));
  }
  g.answered.set(got.line, got);
  const header = (name: string, wanted: string | null): void => {
    const value = got.headers.get(name);
    if (value !== wanted) found.push(`: ${name} is ${value}, want ${wanted}`);
  };
  header("Authorization", authorization(want.auth));
  if (got.body) header("Content-Type", "application/json");
  if (got.tab !== tab) found.push(`: it comes from the tab ${got.tab.name}`);
  if (want.send !== undefined && got.keepalive !== (want.keepalive ?? false)) found.push(`: keepalive is ${got.keepalive}`);
  if (want.keepalive && !got.sameTick) found.push(": it is not sent in the tick of the call");
  return found.filter(Boolean).join("") || undefined;
};

/** Wants an Idempotency-Key that no other request had, where the contract has one, and none elsewhere. */
const compareKey = (g: Stage, got: Asked): string | undefined => {
  const key = keyOf(got);
  const needed = needsKey.test(got.line);
  if (needed !== (key !== null)) return needed ? ": it has no Idempotency-Key" : ": it has an Idempotency-Key";
  if (key === null) return undefined;
  if (g.keys.has(key)) return ": its Idempotency-Key is another request's";
  g.keys.add(key);
  return undefined;
};

/** The header for a token: the usual one unless the script says. */
const authorization = (auth: string | undefined): string | null => (auth === "none" ? null : `Token ${auth ?? book.token}`);

const compareStream = (want: WantedStream, { tab: by, ...got }: StreamAct, step: Step, tab: Tab): string | undefined => {
  const ends = want.by === "closed";
  const told = want.by === "events" ? { view: want.view ?? "self", group: want.group, cursor: want.cursor, auth: authorization(want.auth) } : {};
  const full = { by: want.by, ...(ends ? {} : { tenant: want.tenant ?? book.tenant }), ...told };
  const inner = difference(JSON.parse(JSON.stringify(full)), JSON.parse(JSON.stringify(got)));
  if (inner) return inner;
  return by.name === (step.closeTab ?? tab.name) ? undefined : `: it is of the tab ${by.name}`;
};

// --- what comes back ---

const compareReceivers = (step: Step, g: Stage, mode: Mode): string[] => {
  if (!step.receivers) return [];
  const want = step.receivers.filter((name) => mode === "callbacks" || name in (step.heard ?? {}));
  const inner = difference(want, g.receivers);
  return inner ? [`receivers${inner}`] : [];
};

const compareReturns = (g: Stage, step: Step): string[] => {
  const want = step.returns ?? {};
  const unexpected = [...g.returned].filter(([name]) => !(name in want)).map(([name, got]) => `unexpected return of ${name}: ${shown(got)}`);
  const differences = Object.entries(want).flatMap(([name, w]) => {
    const got = g.returned.get(name);
    if (!got) return [`${name} has not returned`];
    const inner = w.throws === undefined ? compareOutcome(g, w, got) : difference(w.throws, got.error);
    return inner ? [`return of ${name}${inner}`] : [];
  });
  return [...unexpected, ...differences];
};

/** A callback comes in the step in which the call returns, unless the script says otherwise. */
const compareCallbacks = (g: Stage, step: Step): string[] => {
  const want = new Map<string, Outcome>(Object.entries(step.callbacks ?? {}));
  for (const name of Object.keys(step.callbacks ?? {})) if (!(name in (step.returns ?? {}))) g.early.add(name);
  for (const [name, outcome] of Object.entries(step.returns ?? {})) {
    const comes = g.hasCallback.has(name) && !g.early.has(name) && !want.has(name);
    if (comes) want.set(name, outcome);
    g.early.delete(name);
  }
  return byName(Object.fromEntries([...want].map(([name, outcome]) => [name, [outcome]])), g.calledBack).flatMap(([name, wanted, got]) =>
    pairs(`callback of ${name}`, wanted, got, () => "", shown, (w, event) => {
      const topic = w.topic ?? g.hasCallback.get(name) ?? "";
      return fullTopic(topic) === event.topic ? compareOutcome(g, w, event) : `: its topic is ${event.topic}, want ${topic}`;
    }),
  );
};

const compareOutcome = (g: Stage, want: Partial<WantedEvent>, got: Published): string | undefined => {
  if (want.error !== undefined) return got.error === null ? `: got ${written(got.response)}, want an error` : difference(wholeError(g, want.error), got.error);
  if (!("response" in want)) return ": the script says neither response nor error";
  return got.error === null ? difference(want.response, got.response) : `: got the error ${written(got.error)}`;
};

/** An error as the SDK publishes it, made of the short form of scripts. */
const wholeError = (g: Stage, short: number | WantedError): unknown => {
  const w: WantedError = typeof short === "number" ? { code: short } : short;
  const { level, context } = book.words.codes[w.code]!;
  const data: Fields = isObject(w.data) ? { ...w.data } : {};
  if (w.problems) data["problems"] = `<text with ${w.problems.join(", ")}>`;
  if (w.status !== undefined) {
    const response = "body" in w ? w.body : w.status > 0 ? g.server.body : null;
    data["apiResponse"] = { status: w.status, apiResponse: { statusText: "<text>", failure: "<text>", response } };
  }
  return { code: w.code, level, context, message: "<text>", data: w.data === undefined || isObject(w.data) ? data : w.data };
};

// --- secrets ---

/** Stands in every token of the fixtures. */
const secretPart = "eyJhbGciOiJIUzI1NiJ9";
const shortest = 8;
const invalidParameters = 1003;

/** What no script may allow: a token where none belongs, and a parameter's value in what tells that it is wrong. */
const leaks = (g: Stage): string[] => {
  const repeated = (what: string, text: string): string[] =>
    g.params.filter((p) => p.length >= shortest && text.includes(p)).map((p) => `${what} repeats the parameter ${p}`);
  const withToken = (what: string, text: string): string[] => (text.includes(secretPart) ? [`a token stands in ${what}`] : []);
  const events = [...[...g.events.values()].flat(), ...[...g.heard.values()].flat()];
  const uploads = [...g.server.uploads, ...g.server.seen.filter(({ line }) => isUpload.test(line))];
  return [
    ...g.server.seen.flatMap(({ line }) => withToken("an address", line)),
    ...uploads.flatMap(({ body }) => [...withToken("an upload", body), ...repeated("an upload", body)]),
    ...events.flatMap(({ topic, error, response }) => [
      ...withToken(`an event on ${topic}`, JSON.stringify(error ?? response)),
      ...(isObject(error) && error["code"] === invalidParameters ? repeated("an error", JSON.stringify(error)) : []),
    ]),
    ...g.browser.said.flatMap((message) => withToken("what tabs tell one another", message)),
    ...g.said.flatMap(({ args }) => withToken("what the console says", args.map((arg) => JSON.stringify(arg) ?? "").join())),
    ...[...g.tabs.values()].flatMap(({ storage }) => withToken("what is remembered", [...storage.values()].join())),
  ];
};
