import type { Browser, CDPSession } from "playwright-core";
import { expect } from "vitest";

interface TraceEvent {
  name: string;
  pid: number;
  tid: number;
  /** Microseconds of the clock. */
  dur?: number;
  /** Microseconds of the thread's own: what it was not running is not in it. */
  tdur?: number;
  args?: { name?: string };
}

/** Shares of a time, from 0 to 1. */
export interface Busy {
  /** What the thread ran itself. */
  thread: number;
  /** What its tasks took by the clock: on a busy machine they wait for a processor too. */
  clock: number;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0);

const timeOf = (tasks: readonly TraceEvent[]): number => sum(tasks.map(({ tdur = 0 }) => tdur));

/** How busy the main thread of the browser's busiest page is for so many seconds, by the browser's own trace. */
export const watchMainThread = async (browser: Browser, seconds: number): Promise<Busy> => {
  const session = await browser.newBrowserCDPSession();
  const events: TraceEvent[] = [];
  session.on("Tracing.dataCollected", ({ value }) => void events.push(...(value as unknown as TraceEvent[])));
  await session.send("Tracing.start", { traceConfig: { includedCategories: ["devtools.timeline", "disabled-by-default-devtools.timeline"] }, transferMode: "ReportEvents" });
  const began = performance.now();
  await new Promise((resolve) => setTimeout(resolve, seconds * 1_000)); // this time is what is measured
  const complete = new Promise((resolve) => session.once("Tracing.tracingComplete", resolve));
  const lasted = (performance.now() - began) * 1_000;
  await session.send("Tracing.end");
  await complete;
  await session.detach();

  const threads = events.filter(({ name, args }) => name === "thread_name" && args?.name === "CrRendererMain");
  const tasks = threads
    .map((thread) => events.filter(({ name, pid, tid }) => name === "RunTask" && pid === thread.pid && tid === thread.tid))
    .reduce((one, other) => (timeOf(other) > timeOf(one) ? other : one), []);
  expect(tasks.length, "tasks of the page's main thread in the trace").toBeGreaterThan(0);
  return { thread: timeOf(tasks) / lasted, clock: sum(tasks.map(({ dur = 0 }) => dur)) / lasted };
};

/** What a page's scripts hold in memory, in bytes, without what is garbage. */
export const heapOf = async (session: CDPSession): Promise<number> => {
  await session.send("HeapProfiler.collectGarbage");
  const { metrics } = await session.send("Performance.getMetrics");
  return metrics.find(({ name }) => name === "JSHeapUsedSize")!.value;
};
