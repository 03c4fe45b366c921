export interface Principal {
  readonly principalId: string;
  readonly name: string;
  /** The scopes of the token that the principal still has. */
  readonly scopes: readonly string[];
  readonly tokenDigest: Buffer;
}

/** The principal that changes principals, within its own scopes; `null` at the command line, which has no limit. */
export type Granter = Pick<Principal, 'principalId' | 'tokenDigest'> | null;

export interface NewPrincipalSecret {
  readonly name: string;
  /** At most a year from now; by default 90 days. */
  readonly expiresAt?: Date;
}

export function principalActor(principalId: string): string {
  return `principal:${principalId}`;
}
