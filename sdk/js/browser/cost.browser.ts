import type { Browser } from "playwright-core";
import { expect } from "vitest";
import type { Deployment } from "./deployment.js";
import { test } from "./fixtures.js";
import { Tab } from "./tab.js";

/** Of the project's own, in milliseconds. */
const limit = 5;

interface TraceEvent {
  name: string;
  /** Microseconds of the clock. */
  dur?: number;
  /** Microseconds of the thread's own: what it was not running is not in it. */
  tdur?: number;
  args?: { data?: { url?: string } };
}

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** A page, the script that it loads, and the one that calls what that brings. */
interface Subject {
  page: string;
  script: string;
  call: string;
  /** The script's text, made of the SDK's. */
  text: (sdk: string) => string;
}

/**
 * The SDK, and beside it what its scripts would cost if they did nothing: as many bytes of the same text that are never run, and the
 * calls to the browser that initialize() makes. That much is the browser's share.
 */
const subjects: Record<string, Subject> = {
  "the SDK": { page: "cost.html", script: "/cxengage.js", call: "/cost.js", text: (sdk) => sdk },
  bare: { page: "cost_bare.html", script: "/bare.js", call: "/cost_bare.js", text: (sdk) => `"use strict";\nvar unused = () => {\n${sdk}\n};\n` },
};

/** Has the site serve a subject's script, which browsers may keep or have never seen: then nothing compiled before will do. */
const serve = async ({ home }: Deployment, { script, text }: Subject, seen: boolean): Promise<void> => {
  const sdk = text(await (await fetch(`${home.api}/sdk/cxengage.js`)).text());
  home.texts.set(script, seen ? sdk : `${sdk}/* ${crypto.randomUUID()} */\n`);
  home.headers.set(script, { "Cache-Control": seen ? "max-age=600" : "no-store" });
};

/** What the browser's trace says of a script's evaluation, its compilation included, in milliseconds. */
const evaluation = (trace: TraceEvent[], script: string, measure: "dur" | "tdur"): number => {
  const found = trace.filter(({ name, args }) => name === "EvaluateScript" && args?.data?.url?.endsWith(script));
  expect(found, script).toHaveLength(1);
  return found[0]![measure]! / 1_000;
};

/** Traces what happens until the page has called what it loaded. */
const traced = async (browser: Browser, tab: Tab | undefined, load: () => Promise<Tab>): Promise<TraceEvent[]> => {
  const session = await browser.newBrowserCDPSession();
  const events: TraceEvent[] = [];
  session.on("Tracing.dataCollected", ({ value }) => void events.push(...(value as unknown as TraceEvent[])));
  await session.send("Tracing.start", { traceConfig: { includedCategories: ["devtools.timeline"] }, transferMode: "ReportEvents" });
  const loaded = await load();
  await loaded.seen("initialized");
  const complete = new Promise((resolve) => session.once("Tracing.tracingComplete", resolve));
  await session.send("Tracing.end");
  await complete;
  await session.detach();
  expect((tab ?? loaded).errors).toEqual([]);
  return events;
};

type Load = (browser: Browser, tab: Tab, deployment: Deployment, subject: Subject) => Promise<TraceEvent[]>;

const again: Load = (browser, tab) =>
  traced(browser, tab, async () => {
    await tab.page.reload();
    return tab;
  });

const visits: Record<string, { loads: number; seen: boolean; load: Load }> = {
  /** The script has never been seen, and the process has run no other: what a browser needs to get going is in it too. */
  "in a fresh process": {
    loads: 5,
    seen: false,
    load: async (browser, _tab, { home, agent }, { page }) => {
      const context = await browser.newContext();
      try {
        return await traced(browser, undefined, () => Tab.open(context, home, page, agent));
      } finally {
        await context.close();
      }
    },
  },
  "for the first time": { loads: 5, seen: false, load: again },
  again: { loads: 5, seen: true, load: again },
};

// A measurement: it is printed beside the limit, and fails only where nothing was measured. A busy machine would make a limit fail.
test.for(Object.entries(visits))("what loading and initializing the SDK takes of the main thread is measured, %s", { timeout: 240_000 }, async ([when, visit], { browser, context, deployment }) => {
  const tabs: Record<string, Tab> = {};
  for (const [what, subject] of Object.entries(subjects)) {
    await serve(deployment, subject, visit.seen);
    tabs[what] = await Tab.open(context, deployment.home, subject.page, deployment.agent);
  }
  const figures = new Map<string, number[]>();
  const note = (figure: string, value: number): void => void figures.set(figure, [...(figures.get(figure) ?? []), value]);
  for (let i = 0; i < visit.loads; i++) {
    for (const [what, subject] of Object.entries(subjects)) {
      if (!visit.seen) await serve(deployment, subject, false);
      const trace = await visit.load(browser, tabs[what]!, deployment, subject);
      const evaluated = evaluation(trace, subject.script, "tdur");
      const called = evaluation(trace, subject.call, "tdur"); // there is nothing else in it
      note(`${what}, evaluating the script`, evaluated);
      note(`${what}, calling it`, called);
      note(`${what}, together`, evaluated + called);
      note(`${what}, together by the clock`, evaluation(trace, subject.script, "dur") + evaluation(trace, subject.call, "dur"));
    }
  }
  const said = [...figures].map(([what, values]) => `  ${what}: ${median(values).toFixed(2)} ms (${Math.min(...values).toFixed(2)} to ${Math.max(...values).toFixed(2)})`);
  console.log([`Time of the main thread ${when}, median of ${visit.loads} loads (range), where ${limit} ms is the limit:`, ...said].join("\n"));
});
