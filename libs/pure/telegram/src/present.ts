/** The same properties without those that are undefined. */
export function present<T extends object>(properties: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const kept: Partial<T> = {};
  for (const name in properties) {
    if (properties[name] !== undefined) kept[name] = properties[name];
  }
  return kept as { [K in keyof T]?: Exclude<T[K], undefined> };
}
