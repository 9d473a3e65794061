import { expect, it } from "vitest";
import { together } from "../../src/floor/together.js";

it("does so many at a time, and all of them", async () => {
  let running = 0;
  let most = 0;
  const done: number[] = [];
  await together([1, 2, 3, 4, 5, 6, 7], 3, async (one) => {
    most = Math.max(most, ++running);
    await Promise.resolve();
    running--;
    done.push(one);
  });
  expect(most).toBe(3);
  expect(done.sort()).toEqual([1, 2, 3, 4, 5, 6, 7]);
});

it("begins no more when it is stopped", async () => {
  const stop = new AbortController();
  const done: number[] = [];
  await together([1, 2, 3, 4], 1, async (one) => {
    done.push(one);
    if (one === 2) stop.abort();
  }, stop.signal);
  expect(done).toEqual([1, 2]);
});
