import { judgeInvitation } from './judge-invitation';

const NOW = new Date('2026-11-22T12:00:00.000Z');
const facts = {
  maxUses: 1,
  useCount: 0,
  expiresAt: new Date(NOW.getTime() + 1),
  revokedAt: null,
  isMember: false,
  hasUsed: false,
};

describe('whether a person can accept an invitation', () => {
  it.each([
    [null, {}],
    ['invitation.expired', { expiresAt: NOW }],
    ['invitation.used_up', { expiresAt: NOW, useCount: 1 }],
    ['invitation.revoked', { useCount: 1, revokedAt: NOW }],
    ['invitation.already_used', { revokedAt: NOW, hasUsed: true }],
    ['invitation.already_member', { hasUsed: true, isMember: true }],
  ])('is answered with %s', (code, change) => {
    expect(judgeInvitation({ ...facts, ...change }, NOW)).toBe(code);
  });
});
