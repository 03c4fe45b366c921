import { Registry } from '@countersign/text';
import { providers } from './bots/bot';

interface Linking {
  /** A sentence that says how the person merges an account by their proof, where they can. */
  readonly merge?: string;
  /** Whether a proof may be as easy to forge as that of a bot, since its identities do not choose how hard that is. */
  readonly isWeak?: boolean;
}

const registry = new Registry<string, Linking>('identity provider', /^[a-z0-9]+$/);
/** The platforms that identities are of. The list grows while features load. */
export const identityProviders = registry.names;

export function defineIdentityProviders(names: readonly string[], linking: Linking = {}): void {
  registry.define(Object.fromEntries(names.map((name) => [name, linking])));
}

/** What an answer says where an identity of the provider belongs to another account. */
export function mergeHintOf(provider: string): { readonly detail?: string } {
  const { merge } = linkingOf(provider);
  return merge ? { detail: merge } : {};
}

/** Whether a link of an identity of the provider rests on no more than the proof of a bot. */
export function isWeaklyLinked(provider: string): boolean {
  return linkingOf(provider).isWeak ?? false;
}

function linkingOf(provider: string): Linking {
  return registry.has(provider) ? registry.get(provider) : {};
}

defineIdentityProviders(providers);
