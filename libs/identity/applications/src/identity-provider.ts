import { Registry } from '@countersign/text';
import { providers } from './bots/bot';

interface Linking {
  /** A sentence that says how the person can merge an account by their proof. */
  readonly merge?: string;
  /** Whether a proof may be as easy to forge as a bot's proof. The identities do not choose how hard that is. */
  readonly isWeak?: boolean;
}

const registry = new Registry<string, Linking>('identity provider', /^[a-z0-9]+$/);
/** The platforms of identities. The list grows while features load. */
export const identityProviders = registry.names;

export function defineIdentityProviders(names: readonly string[], linking: Linking = {}): void {
  registry.define(Object.fromEntries(names.map((name) => [name, linking])));
}

/** Tells a client what to do when the identity belongs to another account. */
export function mergeHintOf(provider: string): { readonly detail?: string } {
  const { merge } = linkingOf(provider);
  return merge ? { detail: merge } : {};
}

/** Whether a link of an identity of the provider needs no more than a bot's proof. */
export function isWeaklyLinked(provider: string): boolean {
  return linkingOf(provider).isWeak ?? false;
}

function linkingOf(provider: string): Linking {
  return registry.has(provider) ? registry.get(provider) : {};
}

defineIdentityProviders(providers);
