import { extensionPoint } from '@countersign/runtime';
import type { Principal } from '@countersign/sessions';

/** What a module adds to the metadata and the keys of the issuer. */
interface IssuerExtension {
  /** Members that are added, or replace others. */
  metadata(): Promise<object>;
  /** RFC 7517. */
  publicKeys(): Promise<readonly object[]>;
}

export const ExtendsIssuer = extensionPoint<IssuerExtension>();

interface ClaimsOfScope {
  /** Only what the session may see. */
  claimsOf(caller: Principal): Promise<Readonly<Record<string, unknown>>>;
}

/** What a module knows of a person that a client of the OpenID provider may ask for by a scope. */
export const AddsClaims = extensionPoint<
  ClaimsOfScope,
  { readonly scope: string; readonly claims: readonly string[]; readonly words: string }
>();
