import type { Scope } from '../scopes';
import type { PrincipalKind, PrincipalStatus, PublicKeyJwk } from './principal.entity';

/** The caller of the administration API. */
export interface Principal {
  readonly principalId: string;
  readonly name: string;
  readonly kind: PrincipalKind;
  /** Those of the token that the principal still has. */
  readonly scopes: readonly Scope[];
  /** Of the token that it called with. */
  readonly tokenDigest: Buffer;
}

/** The principal that changes principals, within its own scopes; `null` at the command line, without this limit. */
export type Granter = Pick<Principal, 'principalId' | 'tokenDigest'> | null;

export interface NewPrincipal {
  readonly name: string;
  readonly kind: PrincipalKind;
  readonly scopes: readonly Scope[];
  readonly keys?: readonly PublicKeyJwk[];
}

export interface PrincipalChange {
  readonly name?: string;
  readonly status?: PrincipalStatus;
  readonly scopes?: readonly Scope[];
  readonly keys?: readonly PublicKeyJwk[];
}

export interface NewPrincipalSecret {
  readonly name: string;
  readonly expiresAt?: Date | null;
  readonly isOneTime?: boolean;
}

/** The actor of a principal's acts in the audit trail. */
export function principalActor(principalId: string): string {
  return `principal:${principalId}`;
}
