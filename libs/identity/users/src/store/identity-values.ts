import type { DataKey } from '@countersign/crypto';
import { sealContent, storedFieldsOf, withAlias } from './profile-sealing';
import type { Assurance } from '../assurance';
import type { AttachmentAct } from './identity.entity';
import type { NewIdentity } from './users.sql';
import {
  profileFields,
  type ClaimedProfile,
  type IdentityClaim,
  type Profile,
  type ProfileField,
} from '../user';

export function claimWithin(claim: IdentityClaim, needed: ReadonlySet<ProfileField>): IdentityClaim {
  const fields = Object.entries(claim.profile).filter(([field]) => needed.has(field as ProfileField));
  return { ...claim, profile: Object.fromEntries(fields) };
}

/** The fields that a claim contains, including empty ones. */
export function spokenFields(profile: ClaimedProfile): readonly ProfileField[] {
  return profileFields.filter((field) => profile[field] !== undefined);
}

/** Older than every dated claim. */
const UNDATED = new Date(0);

export interface IdentityOwner {
  readonly userId: string;
  readonly identityId: string;
  readonly dataKey: DataKey;
}

/** How an identity came to an account that another one founded. */
export interface Attachment {
  readonly by: AttachmentAct;
  readonly cap: Assurance;
  /** The bots of the session, the step-up and the proof, as `provider/environment/id`. */
  readonly bots: readonly string[];
}

export interface LinkAttachment extends Attachment {
  readonly at: Date;
  readonly separableUntil: Date;
}

/**
 * Builds a new row of `identities`, without its instants.
 * @param attachment null for the identity that founds its account: a weak sign-up limits its sessions, not the person
 * @param imported what an import said about the person, as JSON
 */
export function toNewIdentity(
  { userId, identityId, dataKey }: IdentityOwner,
  claim: IdentityClaim,
  profile: Profile,
  now: Date,
  attachment: LinkAttachment | null,
  imported: string | null = null,
): NewIdentity {
  const madeAt = claim.madeAt ?? UNDATED;
  // Hints alone set no date that a later claim would have to exceed.
  const profileMadeAt = spokenFields(claim.profile).length > 0 ? madeAt : UNDATED;
  return {
    id: identityId,
    userId,
    provider: claim.provider,
    environment: claim.environment,
    content: sealContent(dataKey, identityId, {
      subject: claim.subject,
      profile,
      imported,
      aliases: claim.alias ? withAlias([], claim.alias, now) : [],
    }),
    storedFields: storedFieldsOf(profile),
    phoneMadeAt: profile.phoneNumber === null ? null : madeAt,
    profileMadeAt,
    assertedFields: spokenFields(claim.profile),
    platformFields: claim.assurance === 'platform' ? spokenFields(claim.profile) : [],
    cap: attachment?.cap ?? 'platform',
    attachedAt: attachment?.at ?? null,
    attachedBy: attachment?.by ?? null,
    separableUntil: attachment?.separableUntil ?? null,
    attachedWith: attachment?.bots ?? [],
  };
}
