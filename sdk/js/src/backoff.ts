/** Full jitter: everybody else was cut too. `attempt` counts from 0. */
export const jitter = (attempt: number, first: number, most: number): number => Math.random() * Math.min(most, first * 2 ** attempt);

/** Waits so long, or until one of the signals aborts. */
export const sleep = (ms: number, ...signals: AbortSignal[]): Promise<void> =>
  new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      for (const signal of signals) signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    for (const signal of signals) signal.addEventListener("abort", end);
  });
