/** CRC-32 (IEEE), bit by bit: a floor of 5,000 rows takes milliseconds, and a table would be no shorter to make. */
export const crc32 = (ascii: string): number => {
  let crc = ~0;
  for (let i = 0; i < ascii.length; i++) {
    crc ^= ascii.charCodeAt(i);
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 && 0xedb88320);
  }
  return ~crc >>> 0;
};

interface Row {
  resourceId: string;
  version: number;
}

export type Digest = ReturnType<typeof createDigest>;

/** Adds up the rows of a floor as the server does: the sum modulo 2^32 of the CRC-32 of `resourceId:version`. */
export const createDigest = () => {
  const parts = new Map<string, number>();
  let sum = 0;
  const put = (row: Row): void => {
    const part = crc32(`${row.resourceId}:${row.version}`);
    sum = (sum - (parts.get(row.resourceId) ?? 0) + part) >>> 0;
    parts.set(row.resourceId, part);
  };
  return {
    replace(rows: unknown[]): void {
      parts.clear();
      sum = 0;
      (rows as Row[]).forEach(put);
    },
    apply(message: unknown): void {
      const row = (message as { row?: Row }).row;
      if (row) put(row);
    },
    sum: (): number => sum,
  };
};
