import { vi } from "vitest";
import type { CxEngage, InitializeOptions } from "../src/global.js";
import { FakeBrowser } from "./browser.js";
import { compare } from "./compare.js";
import { missingData } from "./error_data.js";
import { type Scenario, type Step, book, stimuli } from "./format.js";
import { type Asked, FakeServer, address } from "./server.js";
import { Tab } from "./tab.js";
import { duration, pass, quiet } from "./time.js";
import { type Fields, isObject, plain, spoil, texts } from "./values.js";

/** An event, or how a call ended: a response, or an error where that is not null. All is as JSON says it. */
export interface Published {
  topic: string;
  response: unknown;
  error: unknown;
}

/** How a scenario's functions are called. */
export type Mode = "callbacks" | "promises";

/** A call that the script made. */
interface Call {
  name: string;
  callback: "none" | "wanted" | "came";
  promise: Promise<unknown>;
  /** Somebody waits for the promise, so that its rejection would not be seen to be unhandled. */
  awaited: boolean;
}

type Function = (...args: unknown[]) => unknown;

/** What the SDK says on the console. */
interface Said {
  level: "warn" | "error";
  args: unknown[];
}

/** Where a scenario is played: the tabs, the server that they talk to, and what has happened since the last stimulus. */
export class Stage {
  readonly server = new FakeServer();
  readonly browser = new FakeBrowser();
  readonly tabs = new Map<string, Tab>();
  /** Texts that were given as parameters, which nothing may repeat. */
  readonly params: string[] = [];
  /** The last that was seen of each line. */
  readonly answered = new Map<string, Asked>();
  /** Idempotency-Keys that were seen. */
  readonly keys = new Set<string>();

  /** Calls that were made with a callback, with its topic. */
  readonly hasCallback = new Map<string, string>();
  /** Calls whose callback came before they returned. */
  readonly early = new Set<string>();

  /** By tab, since the last look, as are all that follow. */
  events = new Map<string, Published[]>();
  heard = new Map<string, Published[]>();
  receivers: string[] = [];
  returned = new Map<string, Published>();
  calledBack = new Map<string, Published[]>();
  floors = new Map<string, unknown[]>();
  asks = 0;
  wrong: string[] = [];
  said: Said[] = [];

  private readonly scenario: Scenario;
  private readonly mode: Mode;
  private readonly running = new Map<string, Call>();
  private readonly subscriptions = new Map<string, string>();
  private readonly watched = new Map<string, () => void>();
  private readonly asking: ((token: string) => void)[] = [];
  private throwing = false;

  constructor(scenario: Scenario, mode: Mode) {
    this.scenario = scenario;
    this.mode = mode;
    for (const level of ["warn", "error"] as const) vi.spyOn(console, level).mockImplementation((...args: unknown[]) => void this.said.push({ level, args }));
  }

  /** Plays the scenario, and tells at which step what was not as it should be. */
  async play(): Promise<string[]> {
    const { start, shows = [], steps } = this.scenario;
    this.tab("first");
    const found = await this.begin(start);
    if (found.length) return found;
    for (const what of shows) this.server.shows.add(what);
    for (const [i, step] of steps.entries()) {
      const differences = await this.playStep(`step ${i + 1}`, step);
      if (differences.length) return differences;
    }
    return [...this.unfinished(), ...(await this.close())];
  }

  /** Plays a beginning, after the one that it begins with. */
  private async begin(name: string): Promise<string[]> {
    const beginning = book.beginnings[name];
    if (!beginning) return [`there is no beginning ${name}`];
    const before = beginning.from ? await this.begin(beginning.from) : [];
    if (before.length) return before;
    for (const [i, step] of beginning.steps.entries()) {
      const differences = await this.playStep(`beginning ${name}, step ${i + 1}`, step);
      if (differences.length) return differences;
    }
    return [];
  }

  /** Does a step's stimulus, waits until everything is quiet, and compares. */
  private async playStep(where: string, step: Step): Promise<string[]> {
    const [stimulus, ...others] = stimuli.filter((name) => name in step);
    if (!stimulus || others.length) return [`${where}: a step has one stimulus`];
    const tab = this.tab(step.tab ?? "first");
    try {
      await this.stimulate(step, tab);
    } catch (cause) {
      return [`${where} (${stimulus}): ${String(cause)}`];
    }
    await quiet();
    if (this.awaitAnswered()) await quiet();
    const differences = [...this.consoleProblems(step), ...compare(this, step, tab, this.mode)];
    this.forget();
    return differences.map((d) => `${where} (${stimulus}): ${d}`);
  }

  private async stimulate(step: Step, tab: Tab): Promise<void> {
    const { server } = this;
    if (step.call !== undefined) this.call(step, tab);
    else if (step.initialize) this.initializeAgain(step, tab);
    else if (step.answer) server.answer(tab, step.answer);
    else if (step.bring !== undefined) this.bring(step.bring);
    else if (step.push !== undefined) server.tell(Array.isArray(step.push) ? step.push : [step.push]);
    else if (step.frame !== undefined) server.push(step.frame);
    else if (step.refuse) server.decided().refuse(step.refuse);
    else if (step.close) server.current().leave(step.close.code, step.close.reason);
    else if (step.stream) this.stream(step.stream);
    else if (step.subscribe) this.subscribe(step.subscribe, tab);
    else if (step.unsubscribe !== undefined) this.unsubscribe(step.unsubscribe, tab);
    else if (step.leave !== undefined) this.watched.get(step.leave)!();
    else if (step.closeTab !== undefined) this.tab(step.closeTab).close();
    else if (step.advance !== undefined) {
      const before = { ...server.come };
      await pass(duration(step.advance), () => step.until !== undefined && server.come[step.until] > before[step.until]);
    }
  }

  // --- tabs ---

  private tab(name: string): Tab {
    let tab = this.tabs.get(name);
    if (!tab) {
      tab = new Tab(name, this.server, this.browser, this.scenario.remembered);
      this.tabs.set(name, tab);
      if (Object.keys(tab.global).join() !== "initialize") this.wrong.push("before it is initialized the global has more than initialize");
      if (this.initialize(tab, this.scenario.options ?? {}) !== tab.global) throw new Error("the scenario's options are refused");
      this.listen(tab);
    }
    return tab;
  }

  private initialize(tab: Tab, { tokenCallback, resume: _resume, ...options }: Fields): CxEngage | null {
    const { initialize } = tab.global;
    const given: Fields = { baseUrl: address, ...options };
    if (tokenCallback) given["token"] = () => this.askForToken();
    return initialize(given as InitializeOptions);
  }

  private initializeAgain(step: Step, tab: Tab): void {
    const before = Object.entries(tab.global);
    const initialized = this.initialize(tab, step.initialize!);
    const error = this.said.flatMap(({ args }) => args).find((arg) => isObject(arg) && arg["code"] === 1000);
    this.said = [];
    if (initialized === null && before.some(([name, value]) => tab.global[name as keyof CxEngage] !== value)) this.wrong.push("the global is not what it was");
    this.returned.set(step.as ?? "initialize", { topic: "", response: null, error: initialized === null ? plain(error) : null });
  }

  /** The token callback. It brings what the script says, "<nothing>" for a failure. */
  private askForToken(): Promise<string> {
    this.asks++;
    return new Promise((resolve, reject) => {
      this.asking.push((token) => (token === "<nothing>" ? reject(new Error("there is no fresh token")) : resolve(token)));
    });
  }

  private bring(token: string): void {
    const answer = this.asking.shift();
    if (!answer) throw new Error("nobody asks for a token");
    answer(token);
  }

  // --- events ---

  /** Listens to everything that a tab publishes. What it is given it spoils, which nobody else may notice. */
  private listen(tab: Tab): void {
    this.subscribeTo(tab, "cxengage", (event) => {
      const error = event.error as Fields | null;
      if (tab.closed) return;
      if (error?.["code"] === 2003 || event.topic === "cxengage/session/ended") this.server.over = true;
      if (!this.isUnseen(event)) push(this.events, tab.name, event);
      return "spoil";
    });
  }

  /** Successes of plumbing that the script does not look at. */
  private isUnseen({ topic, error }: Published): boolean {
    if (error !== null) return false;
    return (topic === "cxengage/session/heartbeat-response" && !this.server.shows.has("heartbeats")) || (topic === "cxengage/logging/logs-saved" && !this.server.shows.has("uploads"));
  }

  private subscribeTo(tab: Tab, topic: string, hear: (event: Published) => "spoil" | void): string {
    const { subscribe } = tab.global;
    const mine: string = subscribe!(topic, (error, full, response, id) => {
      if (id !== mine) this.wrong.push(`a subscriber gets the id ${id} and not its own`);
      const event = this.published("an event", full, error, response);
      if (hear(event) === "spoil") [error, response].forEach(spoil);
    });
    return mine;
  }

  private subscribe({ topic, as, throws, spoils }: NonNullable<Step["subscribe"]>, tab: Tab): void {
    this.throwing ||= !!throws;
    try {
      const id = this.subscribeTo(tab, topic, (event) => {
        this.receivers.push(as);
        push(this.heard, as, event);
        if (throws) throw new Error("the script's subscriber throws");
        return spoils ? "spoil" : undefined;
      });
      this.subscriptions.set(as, id);
    } catch (cause) {
      this.returned.set(as, { topic: "", response: null, error: (cause as Error).name });
    }
  }

  private unsubscribe(as: string, tab: Tab): void {
    const { unsubscribe } = tab.global;
    this.returned.set(as, { topic: "", response: unsubscribe!(this.subscriptions.get(as)!), error: null });
  }

  /** What somebody was told, and whether it is what the contract lets anybody be told. */
  private published(what: string, topic: string, error: unknown, response: unknown): Published {
    if (error !== null && response !== null) this.wrong.push(`${what} on ${topic} has an error and a response`);
    if (error !== null && Object.getPrototypeOf(error) !== Object.prototype) this.wrong.push(`the error of ${what} on ${topic} is no plain object`);
    const missing = isObject(error) ? missingData(error) : [];
    if (missing.length) this.wrong.push(`the error of ${what} on ${topic} has no ${missing.join(" and no ")}`);
    return { topic, response: plain(response), error: plain(error) };
  }

  // --- calls ---

  private call(step: Step, tab: Tab): void {
    const name = step.call!;
    const as = step.as ?? name.split(".").pop()!;
    if (this.running.has(as)) throw new Error(`a call ${as} is under way already`);
    this.params.push(...texts(step.params ?? null), ...texts(step.args ?? null));
    if (name === "floor.watch") return this.watch(step, as, tab);

    const run = name.split(".").reduce<unknown>((at, part) => (at as Fields | undefined)?.[part], tab.global);
    if (typeof run !== "function") throw new Error(`the SDK has no function ${name}`);
    const word = book.words.functions[name]!;
    const call: Call = { name: as, callback: "none", promise: Promise.resolve(), awaited: false };
    const args = this.argumentsOf(step, call, word.topic);
    this.hasCallback.delete(as);
    if (call.callback === "wanted") this.hasCallback.set(as, word.topic!);
    this.server.calling = true;
    let result: unknown;
    try {
      result = (run as Function)(...args);
    } finally {
      this.server.calling = false;
    }
    if (word.sync) {
      this.returned.set(as, { topic: "", response: plain(result), error: null });
      spoil(result);
      return;
    }
    if (!(result instanceof Promise)) throw new Error(`${name} returns no promise`);
    call.promise = result;
    this.running.set(as, call);
    if (call.callback === "none") this.await(call);
  }

  private argumentsOf(step: Step, call: Call, topic: string | undefined): unknown[] {
    const callback = this.mode === "callbacks" && topic !== undefined ? this.callback(call) : undefined;
    const given = structuredClone(step.args ?? ("params" in step ? [step.params, "<callback>"] : ["<callback>"]));
    if (callback && given.includes("<callback>")) call.callback = "wanted";
    const args = given.map((arg) => (arg === "<callback>" ? callback : arg === "<undefined>" ? undefined : arg));
    if (!step.args && !callback) args.pop();
    return args;
  }

  private callback(call: Call): Function {
    return (error, topic, response, ...more) => {
      if (this.server.calling) this.wrong.push(`the callback of ${call.name} comes before the call has returned`);
      if (more.length) this.wrong.push(`the callback of ${call.name} gets more than three arguments`);
      call.callback = "came";
      this.receivers.push(call.name);
      push(this.calledBack, call.name, this.published(`the callback of ${call.name}`, topic as string, error, response));
      [error, response].forEach(spoil);
    };
  }

  /** Waits for promises of calls whose callback came. Until then nobody does, so that a rejection that nobody handles is seen. */
  private awaitAnswered(): boolean {
    const ready = [...this.running.values()].filter((call) => call.callback === "came" && !call.awaited);
    ready.forEach((call) => this.await(call));
    return ready.length > 0;
  }

  private await(call: Call): void {
    call.awaited = true;
    const ends = (result: Published): void => {
      this.running.delete(call.name);
      this.returned.set(call.name, result);
    };
    call.promise.then(
      (response) => {
        ends({ topic: "", response: plain(response), error: null });
        spoil(response);
      },
      (cause: unknown) => ends({ topic: "", response: null, error: this.rejection(call.name, cause) }),
    );
  }

  /** The fields of an error that a promise rejects with. */
  private rejection(name: string, cause: unknown): unknown {
    if (!(cause instanceof Error) || !("code" in cause)) return `${name} rejects with ${String(cause)}`;
    const { code, context, data, level, message } = cause as unknown as Fields;
    return plain({ code, context, data, level, message });
  }

  /** Watches a floor until the script leaves it, and records what changes of it. */
  private watch(step: Step, as: string, tab: Tab): void {
    const { open } = tab.global.floor!;
    const floor = open(structuredClone(step.params) as Parameters<typeof open>[0]);
    for (const type of ["reset", "change"] as const) {
      floor.on(type, ({ rows }) => {
        if (!rows.every(Object.isFrozen)) this.wrong.push(`rows of ${as} are not frozen`);
        if (!rows.every((row) => floor.rows.get(row.resourceId) === row)) this.wrong.push(`${as} has other rows than it tells`);
        push(this.floors, as, { [type]: plain(rows) });
      });
    }
    this.watched.set(as, floor.close);
    const call: Call = { name: as, callback: "none", promise: floor.closed.then(() => null), awaited: false };
    this.running.set(as, call);
    this.await(call);
  }

  // --- the rest ---

  private stream(what: NonNullable<Step["stream"]>): void {
    const { server } = this;
    if (what === "open") server.decided().accept();
    else if (what === "cut") server.current().leave();
    else server.away = what === "away";
    if (what === "away") server.open?.leave();
  }

  /** The SDK is quiet on the console unless a subscriber throws, and never says a token there. */
  private consoleProblems(step: Step): string[] {
    return this.said.flatMap(({ level, args }) => (level === "error" && !this.throwing && !step.initialize ? [`the SDK says on the console: ${args.map(String).join(" ")}`] : []));
  }

  private forget(): void {
    const { server, browser } = this;
    for (const since of [this.events, this.heard, this.returned, this.calledBack, this.floors]) since.clear();
    this.receivers = [];
    this.wrong = [];
    this.said = [];
    this.asks = 0;
    server.seen = [];
    server.streams = [];
    server.frames = [];
    server.wrong = [];
    server.uploads = [];
    browser.said = [];
  }

  /** What is under way though the script is over. */
  private unfinished(): string[] {
    const calls = [...this.running.keys()].filter((name) => !this.watched.has(name)).map((name) => `the call ${name} has not returned`);
    const requests = this.server.held.map(({ line }) => `nobody has answered ${line}`);
    return [...calls, ...requests].map((problem) => `at the end: ${problem}`);
  }

  /** Ends the clients by initializing anew, and finds what is left of them. */
  private async close(): Promise<string[]> {
    for (const tab of this.tabs.values()) this.initialize(tab, {});
    await quiet();
    const { server, browser } = this;
    const left = [
      ...(server.open || server.waiting.length ? ["a stream"] : []),
      ...server.held.map(({ line }) => `the request ${line}`),
      ...[...browser.channels].map(({ name }) => `the channel ${name}`),
      ...[...browser.locks.keys()].map((name) => `the lock ${name}`),
      ...(vi.getTimerCount() ? [`${vi.getTimerCount()} timers`] : []),
    ];
    return left.map((what) => `after the end there is left ${what}`);
  }
}

const push = <T>(lists: Map<string, T[]>, name: string, item: T): void => void lists.set(name, [...(lists.get(name) ?? []), item]);
