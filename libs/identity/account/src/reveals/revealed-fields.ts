import { ownFields } from '@countersign/profiles';
import { identityFields } from '@countersign/users';

const ofIdentities = identityFields.map((field) => `identity.${field}` as const);
const ofProfiles = ownFields.map((field) => `profile.${field}` as const);

/** The personal fields that an operator can read. */
export const revealedFields = [...ofIdentities, ...ofProfiles] as const;
export type RevealedField = (typeof revealedFields)[number];

/** What an operator wants to read, and why. */
export interface WantedReveal {
  /** Restricts fields of identities to this one. */
  readonly identityId: string | null;
  readonly fields: readonly RevealedField[];
  /** A word or the number of a request, for the audit trail. */
  readonly reason: string;
}
