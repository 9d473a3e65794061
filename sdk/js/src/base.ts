/** Said of an address that baseOf refuses. */
export const baseWanted = "baseUrl must be an address like https://muster.example/v1/";

/** A server's address with its last slash, where it is one. */
export const baseOf = (given: unknown): string | undefined =>
  typeof given === "string" && /^https?:\/\/[^/?#]+[^?#]*$/.test(given) ? given.replace(/\/?$/, "/") : undefined;
