import type { Schemas } from './api.js';
import type { Pair } from './session/stored-session.js';

type Me = Schemas['MeResponse'];

/** Of a made-up person what a test cares about; the rest is filled in. */
export interface TestUser extends Partial<Omit<Me, 'profile' | 'ownProfile'>> {
  readonly profile?: Partial<Me['profile']>;
  readonly ownProfile?: Partial<Me['ownProfile']>;
}

const APPLICATION_ID = '0199a3c0-1b7c-7a4e-8a57-2d3c1c6f0b42';
const CREATED_AT = '2026-01-05T09:00:00.000Z';

/** The answer of `GET /v1/me` for the person. */
export function aPerson({ profile, ownProfile, ...user }: TestUser): Me {
  return {
    userId: '0199a3c1-5d20-7c3b-9f4e-6b1a2c3d4e5f',
    createdAt: CREATED_AT,
    status: 'active',
    identities: [
      {
        identityId: '0199a3c1-5d21-7a10-8b2c-1f0e9d8c7b6a',
        provider: 'telegram',
        environment: 'production',
        subject: '7',
        createdAt: CREATED_AT,
        assurance: 'platform',
      },
    ],
    session: {
      sessionId: sessionId(1),
      applicationId: APPLICATION_ID,
      assurance: 'platform',
      scopes: [],
    },
    erasure: null,
    ...user,
    profile: {
      firstName: 'Ada',
      lastName: 'Lovelace',
      username: 'ada',
      photoUrl: null,
      languageCode: 'en',
      ...profile,
    },
    ownProfile: {
      displayName: null,
      username: null,
      avatarUrl: null,
      bannerUrl: null,
      biography: null,
      links: [],
      email: null,
      emailVerified: false,
      phone: null,
      phoneVerified: false,
      preferences: {},
      visibility: {
        displayName: 'public',
        username: 'public',
        avatarUrl: 'public',
        bannerUrl: 'public',
        biography: 'public',
        links: 'public',
        email: 'private',
        phone: 'private',
      },
      ...ownProfile,
    },
  };
}

/** The answer to the sign-in with this number, or to a refresh of its session. */
export function aPair({ userId }: Me, signIn: number): Pair {
  return {
    tokenType: 'Bearer',
    accessToken: `access-${crypto.randomUUID()}`,
    expiresIn: 1800,
    refreshToken: `refresh-${crypto.randomUUID()}`,
    refreshExpiresIn: 2_592_000,
    sessionId: sessionId(signIn),
    userId,
    isNewUser: false,
    assurance: 'platform',
    startParam: null,
  };
}

function sessionId(signIn: number): string {
  return `0199a3c2-8f11-7b21-9c3d-${String(signIn).padStart(12, '0')}`;
}
