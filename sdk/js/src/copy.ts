/** A copy that nobody else holds. All that is published is made for JSON. */
export const copy = <T>(value: T): T => (value !== null && typeof value === "object" ? (JSON.parse(JSON.stringify(value)) as T) : value);
