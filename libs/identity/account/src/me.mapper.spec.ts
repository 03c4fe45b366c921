import type { Principal } from '@countersign/sessions';
import type { Identity, User } from '@countersign/users';
import { toMeResponse } from './me.mapper';

const CREATED = new Date('2026-11-20T12:00:00Z');

function anIdentity(id: string, provider: string, firstName: string): Identity {
  return {
    id,
    provider,
    environment: 'production',
    subject: `${id}-subject`,
    profile: {
      firstName,
      lastName: 'Last',
      username: 'user',
      photoUrl: 'https://t.me/1.svg',
      languageCode: 'en',
      phoneNumber: null,
      premium: null,
    },
    given: {
      firstName: 'platform',
      lastName: 'platform',
      username: 'platform',
      photoUrl: 'platform',
      languageCode: 'platform',
      phoneNumber: 'platform',
      premium: 'platform',
    },
    createdAt: CREATED,
    cap: 'platform',
    isFounding: id === 'i1',
  };
}

const user: User = {
  id: 'u1',
  status: 'active',
  createdAt: CREATED,
  outrankedAt: null,
  hasProfile: false,
  erasure: null,
  identities: [anIdentity('i1', 'telegram', 'Ada'), anIdentity('i2', 'openweb3', 'Grace')],
};

const caller: Principal = {
  sessionId: 's1',
  userId: 'u1',
  applicationId: 'a1',
  identityId: 'i2',
  assurance: 'platform',
  door: 'telegram-init-data',
  authenticatedAt: CREATED,
  isOfAllowedBot: false,
  scopes: ['read'],
};

describe('what an application learns of its user', () => {
  it('is every identity for a session that reaches the account plane, with the profile of the one that signed in', () => {
    const me = toMeResponse(user, caller, {
      isAtLevel: true,
      profileFields: new Set(['firstName']),
      erasure: null,
    });

    expect(me.identities.map(({ identityId }) => identityId)).toEqual(['i1', 'i2']);
    expect(me.profile).toEqual({
      firstName: 'Grace',
      lastName: null,
      username: null,
      photoUrl: null,
      languageCode: null,
    });
  });

  it('is only the identity that signed in for any other', () => {
    const me = toMeResponse(user, caller, {
      isAtLevel: false,
      profileFields: new Set(['username']),
      erasure: null,
    });

    expect(me.identities.map(({ identityId }) => identityId)).toEqual(['i2']);
    expect(JSON.stringify(me)).not.toContain('i1-subject');
    expect(me.profile).toMatchObject({ firstName: null, username: 'user' });
  });
});
