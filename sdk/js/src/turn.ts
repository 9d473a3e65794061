/** Lets requests out one at a time, in the order in which they asked. What is resolved to gives the turn on. */
export const createTurn = (): (() => Promise<() => void>) => {
  let last: Promise<void> = Promise.resolve();
  return () => {
    let give!: () => void;
    const mine = last;
    last = new Promise((resolve) => (give = resolve));
    return mine.then(() => give);
  };
};
