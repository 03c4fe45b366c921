import { Registry, type NamesOf } from '@countersign/text';
import { providers } from './bots/bot';

/** The platforms that identities are of. A feature adds its own where it calls `defineIdentityProviders`. */
export interface IdentityProviders extends NamesOf<typeof providers> {}
export type IdentityProvider = keyof IdentityProviders;

const registry = new Registry<IdentityProvider, true>('identity provider', /^[a-z0-9]+$/);
export const identityProviders = registry.names;

export function defineIdentityProviders<const Names extends readonly string[]>(names: Names): Names {
  registry.define(Object.fromEntries(names.map((name) => [name, true])));
  return names;
}

defineIdentityProviders(providers);
