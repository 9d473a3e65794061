/** Full jitter: everybody else was cut too. `attempt` counts from 0. */
export const jitter = (attempt: number, first: number, most: number): number => Math.random() * Math.min(most, first * 2 ** attempt);
