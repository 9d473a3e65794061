/** Until the first rows have come a stream that is not there is not lost, it is being made: null. */
export const connectedOf = (open: boolean, loaded: boolean): boolean | null => open || (loaded ? false : null);
