import { toResponse } from '@countersign/http';
import { ALLOWED_BOT, type Principal } from '@countersign/sessions';
import {
  fieldsShownAt,
  restrictProfile,
  type Erasure,
  type Identity,
  type Profile,
  type ProfileField,
  type User,
} from '@countersign/users';
import { PendingErasureResponse } from './dto/erasure.response';
import { CurrentSessionResponse, IdentityResponse, MeResponse, ProfileResponse } from './dto/me.response';

const NOTHING = restrictProfile({}, new Set());

/** A session below the account's level sees only the identity that signed in. */
export function visibleIdentities(
  { identities }: User,
  { identityId }: Pick<Principal, 'identityId'>,
  isAtLevel: boolean,
): readonly Identity[] {
  if (isAtLevel) return identities;
  return identities.filter(({ id }) => id === identityId);
}

export function toMeResponse(
  user: User,
  caller: Principal,
  isAtLevel: boolean,
  profileFields: ReadonlySet<ProfileField>,
  erasure: Erasure | null,
): MeResponse {
  const identities = visibleIdentities(user, caller, isAtLevel);
  const signedInWith = identities.find(({ id }) => id === caller.identityId) ?? identities[0];
  return toResponse(MeResponse, {
    ...user,
    userId: user.id,
    profile: toProfileResponse(
      signedInWith?.profile ?? NOTHING,
      isAtLevel ? profileFields : visibleFields(caller, signedInWith, profileFields),
    ),
    identities: identities.map(toIdentityResponse),
    // Init data per request has no session.
    session: caller.sessionId === '' ? null : toResponse(CurrentSessionResponse, caller),
    erasure: toPendingErasure(erasure),
  });
}

export function toPendingErasure(erasure: Erasure | null): PendingErasureResponse | null {
  return erasure && toResponse(PendingErasureResponse, { ...erasure, erasesAt: erasure.eraseAt });
}

/** Below the account's level, a session sees no field from a proof that is stronger than its own assurance. */
function visibleFields(
  { assurance, shownAs }: Principal,
  identity: Identity | undefined,
  needed: ReadonlySet<ProfileField>,
): ReadonlySet<ProfileField> {
  if (!identity) return needed;
  const visible = fieldsShownAt(assurance, identity.given, needed);
  // An allowed bot's operator receives names and the photo with each launch, but not the number.
  return shownAs === ALLOWED_BOT ? new Set([...visible].filter((field) => field !== 'phoneNumber')) : visible;
}

function toProfileResponse(profile: Profile, needed: ReadonlySet<ProfileField>): ProfileResponse {
  const { phoneNumber, premium, ...shown } = restrictProfile(profile, needed);
  return toResponse(ProfileResponse, {
    ...shown,
    ...(needed.has('phoneNumber') ? { phoneNumber } : {}),
    ...(needed.has('premium') ? { premium: premium === null ? null : premium === 'true' } : {}),
  });
}

export function toIdentityResponse(identity: Identity): IdentityResponse {
  return toResponse(IdentityResponse, { ...identity, identityId: identity.id, assurance: identity.cap });
}
