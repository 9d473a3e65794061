export const isUuid = (value: unknown): value is string =>
  typeof value === "string" && /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(value);

/** The 60-bit time in a session's id, as 15 hexadecimal digits; it rises with every session of an agent. "" for what is no such id. */
const ticksOf = (id: string | null): string =>
  isUuid(id) && id[14] === "1" ? id.replace(/^(.{8})-(.{4})-1(.{3}).*/, "$3$2$1").toLowerCase() : "";

/** Whether the first session began before the second. */
export const isOlderSession = (first: string, second: string): boolean => !!ticksOf(first) && ticksOf(first) < ticksOf(second);

/** Ticks of 100 ns from 1582-10-15, where version-1 UUIDs begin to count, to 1970 (RFC 9562, 5.1). */
const ticksToUnix = 0x01b21dd213814000n;

/** When the session began, by its id. */
export const sessionStart = (id: string): string => new Date(Number((BigInt(`0x${ticksOf(id)}`) - ticksToUnix) / 10_000n)).toISOString();
