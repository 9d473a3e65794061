import { vi } from "vitest";

// Scenarios have a clock of their own, which moves only where a step says so. What the browser would bring from outside, such as a
// frame or an answer, comes in a task of its own, as it would there.

const waiting: (() => void)[] = [];
const channel = new MessageChannel();
channel.port1.onmessage = () => waiting.shift()?.();

/** Runs something in a task of its own. */
export const task = (run: () => void): void => {
  waiting.push(run);
  channel.port2.postMessage(null);
};

/** Lets run what comes over channels and locks: tasks of their own, each of which may bring another. */
export const tasks = async (): Promise<void> => {
  for (let i = 0; i < 30; i++) await turn();
};

const turn = (): Promise<void> => new Promise((resolve) => task(resolve));

/** The moment at which every scenario begins. */
const beginning = "2000-01-01T00:00:00Z";

export const startClock = (): void => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date", "performance"], now: new Date(beginning) });
};

export const stopClock = (): void => {
  vi.clearAllTimers();
  vi.useRealTimers();
};

export const endTasks = (): void => channel.port1.close();

/** Waits until what is under way has come to an end, without any time passing on the scenario's clock. */
const settle = async (turns: number): Promise<void> => {
  for (let calm = 0; calm < turns; calm++) {
    if (waiting.length) calm = 0;
    await turn();
  }
};

/** Waits until nothing happens any more unless time passes. */
export const quiet = async (): Promise<void> => {
  for (let round = 0; round < 3; round++) {
    await settle(3);
    vi.advanceTimersByTime(0);
  }
  await settle(3);
};

/** Lets time pass, from timer to timer, until so much has passed or something has come. */
export const pass = async (ms: number, hasCome: () => boolean): Promise<void> => {
  let over = false;
  const end = setTimeout(() => (over = true), ms);
  while (!over && !hasCome()) {
    vi.advanceTimersToNextTimer();
    await settle(3);
  }
  clearTimeout(end);
};

const units: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** The milliseconds of "90s" or "-1h30m". */
export const duration = (text: string): number => {
  const [, sign, parts] = /^([+-]?)((?:\d+(?:\.\d+)?(?:ms|s|m|h))+)$/.exec(text) ?? [];
  if (!parts) throw new Error(`${text} is no duration`);
  const ms = [...parts.matchAll(/([\d.]+)(ms|s|m|h)/g)].reduce((sum, [, n, unit]) => sum + Number(n) * units[unit!]!, 0);
  return sign === "-" ? -ms : ms;
};
