const alternatives = new Map<string, readonly string[]>();

/** Documents a body of which exactly one of these fields is sent. The body checks it itself. */
export function ExactlyOneOf(...fields: readonly string[]): ClassDecorator {
  return ({ name }) => void alternatives.set(name, fields);
}

/** By the name of the class of the body. */
export function exactlyOneOfFields(): ReadonlyMap<string, readonly string[]> {
  return alternatives;
}
