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
import type { PendingErasureResponse } from './dto/erasure.response';
import type {
  CurrentSessionResponse,
  IdentityResponse,
  MeResponse,
  ProfileResponse,
} from './dto/me.response';

const NOTHING: Profile = {
  firstName: null,
  lastName: null,
  username: null,
  photoUrl: null,
  languageCode: null,
  phoneNumber: null,
  premium: null,
};

/** What the application of a session may read of its user. */
export interface Visibility {
  /** Whether the session reaches the account plane. */
  readonly isAtLevel: boolean;
  readonly profileFields: ReadonlySet<ProfileField>;
  readonly erasure: Erasure | null;
}

/** A session that does not reach the account plane sees only the identity that signed in. */
export function visibleIdentities(
  { identities }: User,
  { identityId }: Pick<Principal, 'identityId'>,
  isAtLevel: boolean,
): readonly Identity[] {
  if (isAtLevel) return identities;
  return identities.filter(({ id }) => id === identityId);
}

/** An application sees only the fields that it needs. */
export function toMeResponse(
  user: User,
  caller: Principal,
  { isAtLevel, profileFields, erasure }: Visibility,
): MeResponse {
  const identities = visibleIdentities(user, caller, isAtLevel);
  const signedInWith = identities.find(({ id }) => id === caller.identityId) ?? identities[0];
  return {
    userId: user.id,
    createdAt: user.createdAt.toISOString(),
    status: user.status,
    profile: toProfileResponse(
      signedInWith?.profile ?? NOTHING,
      isAtLevel ? profileFields : visibleFields(caller, signedInWith, profileFields),
    ),
    identities: identities.map(toIdentityResponse),
    session: toCurrentSession(caller),
    weakerSessionsEndedAt: user.outrankedAt?.toISOString() ?? null,
    erasure: toPendingErasure(erasure),
  };
}

export function toPendingErasure(erasure: Erasure | null): PendingErasureResponse | null {
  if (!erasure) return null;
  const { eraseAt, requestedAt, applicationId } = erasure;
  return { erasesAt: eraseAt.toISOString(), requestedAt: requestedAt.toISOString(), applicationId };
}

/** Below the level of the account: the fields that were not given at more than the assurance of the session. */
function visibleFields(
  { assurance, shownAs }: Principal,
  identity: Identity | undefined,
  needed: ReadonlySet<ProfileField>,
): ReadonlySet<ProfileField> {
  if (!identity) return needed;
  const visible = fieldsShownAt(assurance, identity.given, needed);
  // Names and photo are in each launch that the operator of an allowed bot receives, the number is not.
  return shownAs === ALLOWED_BOT ? new Set([...visible].filter((field) => field !== 'phoneNumber')) : visible;
}

/** Init data per request has no session. */
function toCurrentSession({
  sessionId,
  applicationId,
  assurance,
  scopes,
}: Principal): CurrentSessionResponse | null {
  return sessionId === '' ? null : { sessionId, applicationId, assurance, scopes };
}

function toProfileResponse(profile: Profile, needed: ReadonlySet<ProfileField>): ProfileResponse {
  const { phoneNumber, premium, firstName, lastName, username, photoUrl, languageCode } = restrictProfile(
    profile,
    needed,
  );
  return {
    firstName,
    lastName,
    username,
    photoUrl,
    languageCode,
    ...(needed.has('phoneNumber') ? { phoneNumber } : {}),
    ...(needed.has('premium') ? { premium: premium === null ? null : premium === 'true' } : {}),
  };
}

export function toIdentityResponse({
  id,
  provider,
  environment,
  subject,
  createdAt,
  cap,
}: Identity): IdentityResponse {
  return {
    identityId: id,
    provider,
    environment,
    subject,
    createdAt: createdAt.toISOString(),
    assurance: cap,
  };
}
