import { DefinitionsInUse } from '@countersign/runtime';

/** A platform of identities. */
interface IdentityProvider {
  readonly name: string;
  /** A sentence that says how the person can merge an account by their proof. */
  readonly merge?: string;
  /** Whether a proof may be as easy to forge as a bot's proof. The identities do not choose how hard that is. */
  readonly isWeak?: boolean;
}

export const identityProvidersInUse = new DefinitionsInUse<IdentityProvider>(
  'identity provider',
  /^[a-z0-9]+$/,
);

/** Tells a client what to do when the identity belongs to another account. */
export function mergeHintOf(provider: string): { readonly detail?: string } {
  const merge = identityProvidersInUse.find(provider)?.merge;
  return merge ? { detail: merge } : {};
}

/** Whether a link of an identity of the provider needs no more than a bot's proof. */
export function isWeaklyLinked(provider: string): boolean {
  return identityProvidersInUse.find(provider)?.isWeak ?? false;
}
