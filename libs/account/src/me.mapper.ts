import type { Trust } from '@countersign/applications';
import type { Principal } from '@countersign/sessions';
import {
  restrictProfile,
  type Identity,
  type Profile,
  type ProfileField,
  type User,
} from '@countersign/users';
import type { IdentityResponse, MeResponse, ProfileResponse } from './dto/me.response';

const NOTHING: Profile = {
  firstName: null,
  lastName: null,
  username: null,
  photoUrl: null,
  languageCode: null,
};

/** What the application of a session may learn of its user. */
export interface Visibility {
  readonly trust: Trust;
  readonly profileFields: ReadonlySet<ProfileField>;
}

/** A third-party application learns of no identity but the one that signed in, and no one of a field that it does not need. */
export function toMeResponse(
  user: User,
  caller: Principal,
  { trust, profileFields }: Visibility,
): MeResponse {
  const identities =
    trust === 'first-party' ? user.identities : user.identities.filter(({ id }) => id === caller.identityId);
  const signedInWith = identities.find(({ id }) => id === caller.identityId) ?? identities[0];
  return {
    userId: user.id,
    createdAt: user.createdAt.toISOString(),
    status: user.status,
    profile: toProfileResponse(restrictProfile(signedInWith?.profile ?? NOTHING, profileFields)),
    identities: identities.map(toIdentityResponse),
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
