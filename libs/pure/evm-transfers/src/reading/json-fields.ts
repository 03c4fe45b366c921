/** An object of JSON, of which nothing is known yet. */
export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Absent and null say the same. */
export function isAbsent(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}
