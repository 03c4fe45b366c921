import type { OpenAPIObject } from '@nestjs/swagger';

type PathItem = OpenAPIObject['paths'][string];
export type Operation = NonNullable<PathItem['get']> & {
  /** The sorted codes of all problems that the operation answers. */
  'x-error-codes'?: readonly string[];
};

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'] as const;

export function operationsOf({ paths }: OpenAPIObject): readonly Operation[] {
  return Object.values(paths).flatMap((item) =>
    METHODS.flatMap((method) => {
      const operation = item[method];
      return operation ? [operation] : [];
    }),
  );
}

export function featureOf(code: string): string {
  return code.slice(0, code.indexOf('.'));
}

export function grouped<Item, Key>(
  items: readonly Item[],
  keyOf: (item: Item) => Key,
): readonly (readonly [Key, readonly Item[]])[] {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return [...groups];
}

export function addCodes(operation: Operation, codes: readonly string[]): void {
  operation['x-error-codes'] = [...(operation['x-error-codes'] ?? []), ...codes];
}
