import { Registry, type NamesOf } from '@countersign/text';

/** What principals can be allowed to do. A feature adds its own where it calls `defineScopes`. @public */
export interface Scopes extends NamesOf<typeof ownScopes> {}
export type Scope = keyof Scopes;

const registry = new Registry<Scope, string>('scope', /^[a-z-]+:[a-z_]+$/);

/** The scopes of all features whose files have loaded. */
export const allScopes = registry.names;

/**
 * Registers scopes with their description in the documents. Guards, the OpenAPI document and docs/administration.md are made
 * from them.
 */
export function defineScopes<const Meanings extends Readonly<Record<`${string}:${string}`, string>>>(
  meanings: Meanings,
): Meanings {
  registry.define(meanings);
  return meanings;
}

export function scopeMeanings(): Readonly<Record<Scope, string>> {
  return Object.fromEntries(allScopes.map((scope) => [scope, registry.get(scope)])) as Record<Scope, string>;
}

/** For tests, whose files share a process. */
export function forgetScopes(meanings: Readonly<Record<string, string>>): void {
  registry.forget(meanings);
}

const ownScopes = defineScopes({
  'audit:read': 'Read the audit trail',
  'counters:read': 'Read how many sign-ins, new people, sessions and refusals there were by day',
  'jobs:read': 'Read the state of the jobs',
  'jobs:run': 'Have a job run once, beside its schedule',
  'principals:read': 'List and read principals and the names of their secrets',
  'principals:write': 'Create, change and remove principals, up to one’s own scopes',
});
