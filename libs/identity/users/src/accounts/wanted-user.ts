import type { LockedIdentity, NewUser } from './claims';
import { claimWithin } from '../store/identity-values';
import { restrictProfile } from '../store/profile-sealing';
import type { ChangedIdentity } from './on-identity-change';
import { profileUpdateBy } from './profile-update';
import type { FoundUser, IdentityClaim, IdentityTrust, ProfileField } from '../user';

/** The wanted user, and the profile fields that may be stored. */
export interface WantedUser {
  readonly claim: IdentityClaim;
  readonly needed: ReadonlySet<ProfileField>;
}

/** Whether this is the first proof by which the platform itself identifies the person of the account. */
export function isFirstProof(
  { isFounding, isProven }: IdentityTrust,
  { assurance }: Pick<IdentityClaim, 'assurance'>,
): boolean {
  return isFounding && !isProven && assurance === 'platform';
}

export function newUserOf({ claim, needed }: WantedUser): NewUser {
  return {
    claim: claimWithin(claim, needed),
    profile: restrictProfile({ ...claim.hints, ...claim.profile }, needed),
  };
}

/** The identity, when a sign-in can use it unchanged. */
export function unchanged(identity: LockedIdentity, { claim, needed }: WantedUser): FoundUser | null {
  const isComplete =
    identity.status === 'active' &&
    !identity.isClosed &&
    identity.missingDigests.length === 0 &&
    !isFirstProof(identity, claim);
  return isComplete && profileUpdateBy(claim, identity, needed) === null ? identity : null;
}

export function identityOf(
  { provider, environment, subject }: IdentityClaim,
  { identityId }: FoundUser,
): ChangedIdentity {
  return { id: identityId, provider, environment, subject };
}
