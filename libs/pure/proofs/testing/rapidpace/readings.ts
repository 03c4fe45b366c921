/** One way to take a canonical string apart. */
export type Reading = readonly (readonly [key: string, value: string])[];

/**
 * Every way to split `text` into keys of `sortedKeys`, in their order, and values of any kind: what a verifier
 * could have been given that signs like this.
 */
export function readingsOf(text: string, sortedKeys: readonly string[]): Reading[] {
  if (text === '') return [[]];
  return sortedKeys.flatMap((key, index) => {
    if (!text.startsWith(key)) return [];
    const later = sortedKeys.slice(index + 1);
    return endsOf(text, key.length, later).flatMap((end) =>
      readingsOf(text.slice(end), later).map((rest) => [
        [key, text.slice(key.length, end)] as const,
        ...rest,
      ]),
    );
  });
}

/** Where a value that begins at `from` may end: before any of the keys, or at the end. */
function endsOf(text: string, from: number, keys: readonly string[]): number[] {
  const ends = [text.length];
  for (let end = from; end < text.length; end += 1) {
    if (keys.some((key) => text.startsWith(key, end))) ends.push(end);
  }
  return ends;
}
