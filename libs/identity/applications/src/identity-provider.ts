import { Registry, type NamesOf } from '@countersign/text';
import { providers } from './bots/bot';

/** The platforms that identities are of. A feature adds its own where it calls `defineIdentityProviders`. */
export interface IdentityProviders extends NamesOf<typeof providers> {}
export type IdentityProvider = keyof IdentityProviders;

const registry = new Registry<IdentityProvider, string | null>('identity provider', /^[a-z0-9]+$/);
export const identityProviders = registry.names;

/** @param merge a sentence that says how the person merges an account by their proof, where they can */
export function defineIdentityProviders<const Names extends readonly string[]>(
  names: Names,
  merge: string | null = null,
): Names {
  registry.define(Object.fromEntries(names.map((name) => [name, merge])));
  return names;
}

/** What an answer says where an identity of the provider belongs to another account. */
export function mergeHintOf(provider: string): { readonly detail?: string } {
  const detail = registry.has(provider) ? registry.get(provider) : null;
  return detail === null ? {} : { detail };
}

defineIdentityProviders(providers);
