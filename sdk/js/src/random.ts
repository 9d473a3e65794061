/** 128 random bits. Pages that are no secure context have no `crypto.randomUUID`. */
export const randomId = (): string => crypto.getRandomValues(new Uint32Array(4)).join("-");
