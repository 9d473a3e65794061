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

/** What the browser's trace says of a script's evaluation, its compilation included, in milliseconds. */
const evaluation = (trace: TraceEvent[], script: string, measure: "dur" | "tdur"): number => {
  const found = trace.filter(({ name, args }) => name === "EvaluateScript" && args?.data?.url?.endsWith(script));
  expect(found, script).toHaveLength(1);
  return found[0]![measure]! / 1_000;
};

/** Traces what happens until the page has initialized the SDK. */
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

type Load = (browser: Browser, tab: Tab, deployment: Deployment) => Promise<TraceEvent[]>;

const again: Load = (browser, tab) =>
  traced(browser, tab, async () => {
    await tab.page.reload();
    return tab;
  });

const visits: Record<string, { loads: number; load: Load }> = {
  /** The script has never been seen, and the process has run no other: what a browser needs to get going is in it too. */
  "in a fresh process": {
    loads: 5,
    load: async (browser, _tab, { home, agent }) => {
      const context = await browser.newContext();
      try {
        return await traced(browser, undefined, () => Tab.open(context, home, "cost.html", agent));
      } finally {
        await context.close();
      }
    },
  },
  /** The script has never been seen. */
  "for the first time": {
    loads: 15,
    load: async (browser, tab, deployment) => {
      // Another text each time, so that nothing compiled before will do.
      await tab.page.route("**/sdk/cxengage.js", async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, body: `/* ${crypto.randomUUID()} */${await response.text()}` });
      }, { times: 1 });
      return again(browser, tab, deployment);
    },
  },
  again: { loads: 15, load: again },
};

// A measurement: it is printed beside the limit, and fails only where nothing was measured. A busy machine would make a limit fail.
test.for(Object.entries(visits))("what loading and initializing the SDK takes of the main thread is measured, %s", { timeout: 240_000 }, async ([when, visit], { browser, context, deployment }) => {
  const tab = await Tab.open(context, deployment.home, "cost.html", deployment.agent);
  const figures: Record<string, number[]> = { "evaluating cxengage.js": [], "initialize()": [], together: [], "together, by the clock": [] };
  for (let i = 0; i < visit.loads; i++) {
    const trace = await visit.load(browser, tab, deployment);
    const evaluated = evaluation(trace, "/sdk/cxengage.js", "tdur");
    const initialized = evaluation(trace, "/cost.js", "tdur"); // there is nothing else in it
    figures["evaluating cxengage.js"]!.push(evaluated);
    figures["initialize()"]!.push(initialized);
    figures["together"]!.push(evaluated + initialized);
    figures["together, by the clock"]!.push(evaluation(trace, "/sdk/cxengage.js", "dur") + evaluation(trace, "/cost.js", "dur"));
  }
  const said = Object.entries(figures).map(([what, values]) => `  ${what}: ${median(values).toFixed(2)} ms (${Math.min(...values).toFixed(2)} to ${Math.max(...values).toFixed(2)})`);
  console.log([`Time of the main thread ${when}, median of ${visit.loads} loads (range), where ${limit} ms is the limit:`, ...said].join("\n"));
});
