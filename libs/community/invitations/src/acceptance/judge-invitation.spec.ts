import { generateKeyRing, KeyRing } from '@countersign/crypto';
import { addressOf } from './invitee';
import { judgeInvitation } from './judge-invitation';
import { recipientDigests, userIdRecipient, usernameRecipient, type Recipient } from '../recipient';

const NOW = new Date('2026-11-22T12:00:00.000Z');
const LATER = new Date(NOW.getTime() + 1);
const facts = {
  maxUses: 1,
  useCount: 0,
  expiresAt: LATER,
  revokedAt: null,
  isMember: false,
  hasUsed: false,
  isRemoved: false,
};

describe('whether a person can accept an invitation', () => {
  it.each([
    [null, {}],
    ['invitation.expired', { expiresAt: NOW }],
    ['invitation.used_up', { expiresAt: NOW, useCount: 1 }],
    ['invitation.revoked', { useCount: 1, revokedAt: NOW }],
    ['invitation.revoked', { isRemoved: true }],
    ['invitation.already_used', { revokedAt: NOW, hasUsed: true }],
    ['invitation.already_member', { hasUsed: true, isMember: true }],
  ])('is answered with %s', (code, change) => {
    for (const address of ['open', 'match'] as const)
      expect(judgeInvitation({ ...facts, ...change }, address, NOW)).toBe(code);
    // Others learn nothing of its state.
    expect(judgeInvitation({ ...facts, ...change }, 'other', NOW)).toBe('invitation.not_for_you');
    expect(judgeInvitation({ ...facts, ...change }, 'doubtful', NOW)).toBe('invitation.sign_in_again');
  });
});

describe('whom an invitation is addressed to', () => {
  const ring = KeyRing.parse(JSON.stringify(generateKeyRing()));
  const addressed = (recipient: Recipient) => ({
    recipientKind: recipient.kind,
    recipientDigests: recipientDigests(ring, recipient).map(
      ({ keyId, digest }) => `${keyId}:${digest.toString('hex')}`,
    ),
  });
  const of = (...recipients: Recipient[]) => ({ recipients, isUsernameDoubtful: false });

  it('is nobody, or equal in all spellings of a username', () => {
    expect(addressOf(ring, { recipientKind: null, recipientDigests: [] }, of())).toBe('open');
    const owl = addressed(usernameRecipient('@Night_OWL'));
    expect(addressOf(ring, owl, of(usernameRecipient('night_owl')))).toBe('match');
    expect(addressOf(ring, owl, of(usernameRecipient('night_ow1')))).toBe('other');
  });

  it('is of one kind: a username of digits is no id', () => {
    expect(addressOf(ring, addressed(userIdRecipient('77777')), of(usernameRecipient('77777')))).toBe(
      'other',
    );
    expect(addressOf(ring, addressed(usernameRecipient('77777')), of(userIdRecipient('77777')))).toBe(
      'other',
    );
  });

  it('is in doubt where the username may be out of date', () => {
    const doubtful = { recipients: [userIdRecipient('5')], isUsernameDoubtful: true };
    expect(addressOf(ring, addressed(usernameRecipient('night_owl')), doubtful)).toBe('doubtful');
    expect(addressOf(ring, addressed(userIdRecipient('6')), doubtful)).toBe('other');
    expect(addressOf(ring, addressed(userIdRecipient('5')), doubtful)).toBe('match');
  });

  it('is nobody any more when the recipient was cleared', () => {
    const cleared = { recipientKind: 'telegram-user-id', recipientDigests: [] } as const;
    expect(addressOf(ring, cleared, of(userIdRecipient('5')))).toBe('other');
  });
});
