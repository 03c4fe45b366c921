import { extensionPoint } from '@countersign/runtime';
import type { Principal } from '../session';

interface IssuerExtension {
  /** The members are added, or replace others. */
  metadata(): Promise<object>;
  /** RFC 7517. */
  publicKeys(): Promise<readonly object[]>;
}

export const ExtendsIssuer = extensionPoint<IssuerExtension>();

interface ClaimsOfScope {
  /** Returns only what the session may see. */
  claimsOf(caller: Principal): Promise<Readonly<Record<string, unknown>>>;
}

/** A module's data about a person, for which a client of the OpenID provider may ask by a scope. */
export const AddsClaims = extensionPoint<
  ClaimsOfScope,
  { readonly scope: string; readonly claims: readonly string[]; readonly words: string }
>();
