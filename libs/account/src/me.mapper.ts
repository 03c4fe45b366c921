import type { Principal } from '@countersign/sessions';
import type { Identity, Profile, User } from '@countersign/users';
import type { IdentityResponse, MeResponse, ProfileResponse } from './dto/me.response';

const NOTHING: Profile = {
  firstName: null,
  lastName: null,
  username: null,
  photoUrl: null,
  languageCode: null,
};

/** @param restrict leaves of a profile what the caller's application may see. */
export function toMeResponse(
  user: User,
  caller: Principal,
  restrict: (profile: Profile) => Profile,
): MeResponse {
  const signedInWith = user.identities.find(({ id }) => id === caller.identityId) ?? user.identities[0];
  return {
    userId: user.id,
    createdAt: user.createdAt.toISOString(),
    status: user.status,
    profile: toProfileResponse(restrict(signedInWith?.profile ?? NOTHING)),
    identities: user.identities.map(toIdentityResponse),
    session: {
      sessionId: caller.sessionId,
      applicationId: caller.applicationId,
      assurance: caller.assurance,
      scopes: caller.scopes,
    },
  };
}

function toProfileResponse({
  firstName,
  lastName,
  username,
  photoUrl,
  languageCode,
}: Profile): ProfileResponse {
  return { firstName, lastName, username, photoUrl, languageCode };
}

function toIdentityResponse({ id, provider, environment, subject, createdAt }: Identity): IdentityResponse {
  return { identityId: id, provider, environment, subject, createdAt: createdAt.toISOString() };
}
