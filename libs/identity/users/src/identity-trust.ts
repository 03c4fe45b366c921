import type { Assurance } from './assurance';
import type { IdentityTrust } from './user';

/** The columns for an identity's trust. */
export interface TrustRow {
  readonly cap: Assurance | null;
  readonly attachedAt: Date | null;
  readonly createdAt: Date;
  readonly userCreatedAt: Date;
  readonly provenAt: Date | null;
}

/** `TrustRow`, of the identity `i` and its user `u`. */
export const TRUST_COLUMNS = `i.cap, i.attached_at AS "attachedAt", i.created_at AS "createdAt",
  u.created_at AS "userCreatedAt", u.platform_proven_at AS "provenAt"`;

/**
 * The founding identity was created in the same instant as its account, and never moved. How the others were
 * attached was not always recorded: then they get the weakest assurance that could reach the account plane.
 */
export function trustOf({ cap, attachedAt, createdAt, userCreatedAt, provenAt }: TrustRow): IdentityTrust {
  const isFounding = attachedAt === null && createdAt.getTime() === userCreatedAt.getTime();
  return {
    cap: cap ?? (isFounding ? 'platform' : 'bot-token'),
    isFounding,
    isProven: provenAt !== null,
  };
}
