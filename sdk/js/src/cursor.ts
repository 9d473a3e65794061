/** Where a client is in a view: an epoch, which is opaque, and a number. The zero cursor is nowhere. */
export interface Cursor {
  epoch: string;
  seq: number;
}

export const isZero = (c: Cursor): boolean => c.epoch === "";

export const readCursor = (text: string | undefined): Cursor => {
  const colon = (text ?? "").lastIndexOf(":");
  const seq = Number((text ?? "").slice(colon + 1));
  return colon > 0 && Number.isSafeInteger(seq) ? { epoch: text!.slice(0, colon), seq } : { epoch: "", seq: 0 };
};

export const writeCursor = (c: Cursor): string => (isZero(c) ? "" : `${c.epoch}:${c.seq}`);

/** The table of CRC-32 (IEEE), made once. */
const table = /* @__PURE__ */ (() =>
  Uint32Array.from({ length: 256 }, (_, n) => {
    for (let k = 0; k < 8; k++) n = n & 1 ? (n >>> 1) ^ 0xedb88320 : n >>> 1;
    return n;
  }))();

export const crc32 = (ascii: string): number => {
  let crc = ~0;
  for (let i = 0; i < ascii.length; i++) crc = (crc >>> 8) ^ table[(crc ^ ascii.charCodeAt(i)) & 0xff]!;
  return ~crc >>> 0;
};

interface Row {
  resourceId: string;
  version: number;
}

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
