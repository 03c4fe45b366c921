/** The codes of each call as types that stay readable: what many calls share has a name. */

/** Shorter lists are written out. */
const LEAST_NAMED = 3;

/**
 * Lists of codes of one feature that several calls have.
 *
 * @param {string[][]} lists the codes of each call
 * @returns {Map<string, { name: string, codes: string[] }>} by the text of the list
 */
export function namedCodes(lists) {
  const found = lists.flatMap((codes) => [...byFeature(codes)]);
  const times = new Map();
  for (const [, codes] of found) times.set(codes.join(), (times.get(codes.join()) ?? 0) + 1);
  const named = new Map();
  const numbers = new Map();
  for (const [feature, codes] of found) {
    const key = codes.join();
    if (named.has(key) || times.get(key) < 2 || codes.length < LEAST_NAMED) continue;
    const number = (numbers.get(feature) ?? 0) + 1;
    numbers.set(feature, number);
    named.set(key, { name: `${pascal(feature)}Codes${number === 1 ? '' : number}`, codes });
  }
  return named;
}

export function codesSchema(codes, named) {
  const parts = [...byFeature(codes)].map(([, own]) => ({ own, set: named.get(own.join()) }));
  const rest = parts.filter(({ set }) => !set).flatMap(({ own }) => own);
  return {
    anyOf: [
      ...parts.flatMap(({ set }) => (set ? [{ $ref: `#/components/schemas/${set.name}` }] : [])),
      ...(rest.length > 0 ? [{ enum: rest }] : []),
    ],
  };
}

function byFeature(codes) {
  const features = new Map();
  for (const code of codes) {
    const [feature] = code.split('.', 1);
    features.set(feature, [...(features.get(feature) ?? []), code]);
  }
  return features;
}

function pascal(feature) {
  return feature.replaceAll(/(?:^|_)([a-z])/g, (_, letter) => letter.toUpperCase());
}
