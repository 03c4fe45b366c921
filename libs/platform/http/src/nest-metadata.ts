import type { Type } from '@nestjs/common';

/** Keys of metadata that Nest does not export. */
const keys = {
  path: 'path',
  routeArguments: '__routeArguments__',
  extensions: 'swagger/apiExtension',
  parameters: 'swagger/apiParameters',
  properties: 'swagger/apiModelPropertiesArray',
} as const;

const BODY = '3:';

/** Keyed by Swagger's own list, which Swagger replaces for each further property. */
const namesOfLists = new WeakMap<readonly string[], readonly string[]>();

/** The documented properties of a class and its base classes; `undefined` for a class that documents none. */
export function documentedProperties({ prototype }: Type): readonly string[] | undefined {
  const stored = Reflect.getMetadata(keys.properties, prototype as object) as readonly string[] | undefined;
  if (!stored) return undefined;
  // Each name is stored behind a colon.
  const names = namesOfLists.get(stored) ?? stored.map((property) => property.slice(1));
  namesOfLists.set(stored, names);
  return names;
}

/** Adds values to an extension of an operation. Swagger's decorator would ignore further values. */
export function extendOperation(method: object, extension: `x-${string}`, values: readonly string[]): void {
  const known = (Reflect.getMetadata(keys.extensions, method) ?? {}) as Record<string, readonly string[]>;
  const extended = { ...known, [extension]: [...(known[extension] ?? []), ...values] };
  Reflect.defineMetadata(keys.extensions, extended, method);
}

/** Whether a method is a route without `@Body()` or `@ApiBody()`. */
export function isRouteWithoutBody(controller: Type, name: string, method: object): boolean {
  const parameters = (Reflect.getMetadata(keys.routeArguments, controller, name) ?? {}) as object;
  const documented = (Reflect.getMetadata(keys.parameters, method) ?? []) as readonly {
    readonly in?: string;
  }[];
  const isRead = Object.keys(parameters).some((key) => key.startsWith(BODY));
  return Reflect.hasMetadata(keys.path, method) && !isRead && !documented.some((one) => one.in === 'body');
}
