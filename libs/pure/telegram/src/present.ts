/** The same properties without those that are undefined. */
export function present<T extends object>(properties: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const found: Partial<T> = {};
  for (const name in properties) {
    if (properties[name] !== undefined) found[name] = properties[name];
  }
  return found as { [K in keyof T]?: Exclude<T[K], undefined> };
}
