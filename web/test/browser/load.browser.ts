import { expect, inject } from "vitest";
import { test } from "../../../sdk/js/browser/fixtures.js";
import { ConsolePage } from "./console_page.js";
import { Demo, demoPassword } from "./demo.js";
import { type Busy, heapOf, watchMainThread } from "./main_thread.js";

/** Minutes that are watched: one in every run, more for a long proof. */
const minutes = Number(process.env["FLOOR_MINUTES"] ?? 1);
const agents = 5_000;

/** The main thread's share that is left to other things is the rest of it. */
const mostBusy = 0.6;
/** The curve of the last hour grows, and little else may: a tenth, and some megabytes for what the browser puts off. */
const mostGrowth = (first: number): number => first * 0.1 + 4e6;

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

test(`a floor of ${agents} agents with 50 changes a second leaves its page time to spare, and its memory as it is`, { timeout: (minutes + 6) * 60_000 }, async ({ browser, context }) => {
  const demo = await Demo.start(inject("muster"), "--agents", String(agents), "--changes-per-second", "50");
  try {
    const floor = await ConsolePage.open(context, `${demo.origin}/floor`);
    await floor.signIn("supervisor@demo.example", demoPassword);
    await floor.button(/^Demo/).click();
    const count = async (kind: string): Promise<number> => Number((await floor.page.textContent(`.count.${kind} strong`))?.replace(/\D/g, ""));
    const here = async (): Promise<number> => (await count("ready")) + (await count("notready"));
    await expect.poll(here, { timeout: 240_000, interval: 500 }).toBeGreaterThan(agents * 0.8); // the others come later, or are ill

    const session = await context.newCDPSession(floor.page);
    await session.send("Performance.enable");
    const heaps = [await heapOf(session)];
    const busy: Busy[] = [];
    for (let minute = 0; minute < minutes; minute++) {
      busy.push(await watchMainThread(browser, 60));
      heaps.push(await heapOf(session));
    }
    const most = Math.max(...busy.map(({ thread }) => thread));
    const growth = heaps.at(-1)! - heaps[0]!;
    console.log(
      [
        `The floor's main thread with ${agents} agents, ${await here()} of them here, and 50 changes a second, minute by minute, where ${percent(mostBusy)} is the limit:`,
        `  its own time: ${busy.map(({ thread }) => percent(thread)).join(", ")}`,
        `  by the clock: ${busy.map(({ clock }) => percent(clock)).join(", ")}`,
        `  what its scripts hold: ${heaps.map(megabytes).join(", ")}; it may grow by ${megabytes(mostGrowth(heaps[0]!))}`,
      ].join("\n"),
    );
    expect(most).toBeLessThan(mostBusy);
    expect(growth).toBeLessThan(mostGrowth(heaps[0]!));
    expect(floor.complaints).toEqual([]);
  } finally {
    await demo.close();
  }
});
