/** A copy that nobody else holds. All that is published is made for JSON. */
export const copy = <T>(value: T): T => (value !== null && typeof value === "object" ? (JSON.parse(JSON.stringify(value)) as T) : value);

/** An object with these fields of another, in this order. */
export const pick = <T extends object, K extends keyof T>(from: T, ...names: K[]): Pick<T, K> => Object.fromEntries(names.map((name) => [name, from[name]])) as Pick<T, K>;
