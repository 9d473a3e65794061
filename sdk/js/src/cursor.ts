/** Where a client is in a view: an epoch, which is opaque, and a number. */
export interface Cursor {
  epoch: string;
  seq: number;
}

/** The cursor of a text, undefined for one that is none. */
export const readCursor = (text = ""): Cursor | undefined => {
  const [, epoch, seq] = /^(.+):(\d+)$/.exec(text) ?? [];
  return epoch ? { epoch, seq: Number(seq) } : undefined;
};

/** The text of a cursor, "" for none. */
export const writeCursor = (cursor: Cursor | undefined): string => (cursor ? `${cursor.epoch}:${cursor.seq}` : "");
