import { Registry } from '@countersign/text';

/** The name of a scope of the administration API: `teams:read`. */
export type Scope = string & { readonly [scope]: true };
declare const scope: unique symbol;

const defined = new Registry<string, string>('scope', /^[a-z-]+:[a-z_]+$/);

/** The names of all scopes that are defined so far. The list grows while features load. */
export const allScopes = defined.names;

export function defineScopes<const Keys extends string>(
  scopes: Readonly<Record<Keys, readonly [name: `${string}:${string}`, meaning: string]>>,
): Readonly<Record<Keys, Scope>> {
  const declarations: (readonly [string, string])[] = Object.values(scopes);
  defined.define(Object.fromEntries(declarations));
  return Object.fromEntries(
    Object.entries<readonly [string, string]>(scopes).map(([key, [name]]) => [key, name]),
  ) as Record<Keys, Scope>;
}

export function scopeMeanings(): Readonly<Record<string, string>> {
  return Object.fromEntries(allScopes.map((name) => [name, defined.get(name)]));
}
