import {
  assertAcceptable,
  GIVEN_TOKEN,
  mintInvitationToken,
  startParameterOf,
  statusOf,
  tokenIn,
} from './invitation.entity';

const NOW = new Date('2026-11-22T12:00:00.000Z');
const open = { maxUses: 2, useCount: 1, expiresAt: new Date(NOW.getTime() + 1), revokedAt: null };

describe('the token of an invitation', () => {
  it('has 192 random bits, and is carried by a start parameter of at most 64 characters', () => {
    const tokens = Array.from({ length: 100 }, mintInvitationToken);
    expect(new Set(tokens).size).toBe(100);
    for (const token of tokens) {
      expect(token).toMatch(/^[A-Za-z0-9_-]{32}$/);
      expect(Buffer.from(token, 'base64url')).toHaveLength(24);
      expect(startParameterOf(token)).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
      for (const given of [token, startParameterOf(token)]) {
        expect(given).toMatch(GIVEN_TOKEN);
        expect(tokenIn(given)).toBe(token);
      }
    }
  });

  it('may itself begin with the prefix of a start parameter', () => {
    const token = `i_${'x'.repeat(30)}`;

    expect(tokenIn(token)).toBe(token);
    expect(tokenIn(`i_${token}`)).toBe(token);
  });

  it.each([
    '',
    'i_',
    `r_${'x'.repeat(32)}`,
    `i_${'x'.repeat(33)}`,
    `i_${'x'.repeat(32)}\n`,
    `\ni_${'x'.repeat(32)}`,
  ])('is not %j', (given) => {
    expect(given).not.toMatch(GIVEN_TOKEN);
  });
});

describe('the status of an invitation', () => {
  it.each([
    ['open', open],
    ['expired', { ...open, expiresAt: NOW }],
    ['used-up', { ...open, useCount: 2 }],
    ['used-up', { ...open, useCount: 2, expiresAt: NOW }],
    ['revoked', { ...open, useCount: 2, expiresAt: NOW, revokedAt: NOW }],
  ])('is %s', (status, invitation) => {
    expect(statusOf(invitation, NOW)).toBe(status);
  });
});

describe('an invitation that a person cannot accept', () => {
  const mine = { ...open, useCount: 0, maxUses: 1, isMember: false, hasUsed: false };

  it.each([
    ['invitation.expired', { expiresAt: NOW }],
    ['invitation.used_up', { expiresAt: NOW, useCount: 1 }],
    ['invitation.revoked', { useCount: 1, revokedAt: NOW }],
    ['invitation.already_used', { revokedAt: NOW, hasUsed: true }],
    ['team.already_member', { hasUsed: true, isMember: true }],
  ])('is refused with %s', (code, change) => {
    assertAcceptable(mine, NOW);
    expect(() => {
      assertAcceptable({ ...mine, ...change }, NOW);
    }).toThrow(expect.objectContaining({ code }));
  });
});
