/** The caller of the administration API. */
export interface Principal {
  readonly principalId: string;
  readonly name: string;
  /** Those of the token that the principal still has. */
  readonly scopes: readonly string[];
  /** Of the token that it called with. */
  readonly tokenDigest: Buffer;
}

/** The principal that changes principals, within its own scopes; `null` at the command line, without this limit. */
export type Granter = Pick<Principal, 'principalId' | 'tokenDigest'> | null;

export interface NewPrincipalSecret {
  readonly name: string;
  /** Within a year; after 90 days by default. */
  readonly expiresAt?: Date;
}

export function principalActor(principalId: string): string {
  return `principal:${principalId}`;
}
