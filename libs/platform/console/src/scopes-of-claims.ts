import { allScopes, type Scope } from '@countersign/admin';

/**
 * The scopes of the administration API that the claims of an id token give. Other values are ignored, since providers put roles of all
 * their services into one claim.
 * @param path the names of members, from the outside in
 */
export function scopesOfClaims(claims: object, path: readonly string[]): readonly Scope[] {
  const named = new Set(textsOf(path.reduce<unknown>(memberOf, claims)));
  return allScopes.filter((scope) => named.has(scope));
}

function memberOf(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
}

function textsOf(value: unknown): readonly unknown[] {
  if (typeof value === 'string') return value.split(' ');
  if (Array.isArray(value)) return value;
  // A map from role to boolean says no with `false`.
  const entries = isObject(value) ? Object.entries(value) : [];
  return entries.flatMap(([name, holds]) => (holds === false || holds === null ? [] : [name]));
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
