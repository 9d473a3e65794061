export const isUuid = (value: unknown): value is string =>
  typeof value === "string" && /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i.test(value);

/** The 60-bit time in a session's id, which rises with every session of an agent; undefined for what is no such id. */
export const sessionTicks = (id: string): bigint | undefined =>
  isUuid(id) && id[14] === "1" ? BigInt(`0x${id.slice(15, 18)}${id.slice(9, 13)}${id.slice(0, 8)}`) : undefined;

/** Whether the first session began before the second. */
export const isOlderSession = (first: string, second: string): boolean => {
  const a = sessionTicks(first);
  const b = sessionTicks(second);
  return a !== undefined && b !== undefined && a < b;
};

/** Ticks of 100 ns from 1582-10-15, where version-1 UUIDs begin to count, to 1970 (RFC 9562, 5.1). */
const ticksToUnix = 0x01b21dd213814000n;

/** When the session began, by its id. */
export const sessionStart = (id: string): string => new Date(Number(((sessionTicks(id) ?? ticksToUnix) - ticksToUnix) / 10000n)).toISOString();
