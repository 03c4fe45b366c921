const alternatives = new Map<string, readonly string[]>();

/** Documents that a body has exactly one of these fields. The body itself checks it. */
export function ExactlyOneOf(...fields: readonly string[]): ClassDecorator {
  return ({ name }) => void alternatives.set(name, fields);
}

/** Keyed by the class name of the body. */
export function exactlyOneOfFields(): ReadonlyMap<string, readonly string[]> {
  return alternatives;
}
