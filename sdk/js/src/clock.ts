/** How long a good sample outdoes a newer one, in milliseconds: clocks drift. */
const sampleLife = 600_000;

export type Clock = ReturnType<typeof createClock>;

/**
 * The server's time as far as the client knows: the local clock and an offset. A server's moment was read somewhere between sending
 * and receiving; the middle is off by half the round trip at most, so the shortest trip knows best.
 */
export const createClock = () => {
  let offset = 0;
  let best = Infinity;
  let at = 0;
  return {
    sample(timestamp: string | undefined, sent: number, received: number): void {
      const server = Date.parse(timestamp ?? "");
      const trip = received - sent;
      if (!(server > 0) || trip < 0 || (trip > best && received - at < sampleLife)) return;
      offset = Math.round(server - (sent + trip / 2));
      best = trip;
      at = received;
    },
    /** The present moment, as the server writes it. */
    now: (): string => new Date(Date.now() + offset).toISOString(),
  };
};
