import type { Assurance } from './assurance';
import type { IdentityTrust } from './user';

/** The columns for an identity's trust. */
export interface TrustRow {
  readonly cap: Assurance;
  readonly attachedAt: Date | null;
  readonly provenAt: Date | null;
}

/** `TrustRow`, of the identity `i` and its user `u`. */
export const TRUST_COLUMNS = `i.cap, i.attached_at AS "attachedAt", u.platform_proven_at AS "provenAt"`;

/** No link or merge attached the founding identity. */
export function trustOf({ cap, attachedAt, provenAt }: TrustRow): IdentityTrust {
  return { cap, isFounding: attachedAt === null, isProven: provenAt !== null };
}
