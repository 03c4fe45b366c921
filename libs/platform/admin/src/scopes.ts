import { DefinitionsInUse } from '@countersign/runtime';

/** A scope of the administration API: `teams:read`. */
export interface Scope {
  readonly name: string;
  readonly meaning: string;
}

export const scopesInUse = new DefinitionsInUse<Scope>('scope', /^[a-z-]+:[a-z_]+$/);

export function defineScopes<Keys extends string>(
  scopes: Readonly<Record<Keys, readonly [name: string, meaning: string]>>,
): Readonly<Record<Keys, Scope>> {
  const entries = Object.entries<readonly [string, string]>(scopes);
  return Object.fromEntries(entries.map(([key, [name, meaning]]) => [key, { name, meaning }])) as Record<
    Keys,
    Scope
  >;
}
