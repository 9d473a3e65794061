/** Does something for each of them, so many at a time. A signal that aborts lets those under way end and begins no more. */
export const together = async <T>(all: readonly T[], most: number, act: (one: T) => Promise<void>, signal?: AbortSignal): Promise<void> => {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < all.length && !signal?.aborted) await act(all[next++]!);
  };
  await Promise.all(Array.from({ length: Math.min(most, all.length) }, worker));
};
