import type { Principal } from '@countersign/sessions';
import { isGoodFor, type MintedToken } from './minted-token';

const IAT = 1_795_000_000;
const at = (seconds: number): Date => new Date((IAT + seconds) * 1_000);

const principal: Principal = {
  sessionId: 's1',
  userId: 'u1',
  applicationId: 'a1',
  identityId: 'i1',
  assurance: 'platform',
  door: 'telegram-init-data',
  authenticatedAt: at(-7),
  isOfAllowedBot: false,
  scopes: ['read', 'write'],
};
const minted: MintedToken = {
  token: 'a.b.c',
  kid: 'k1',
  principal,
  issuedAt: IAT * 1_000,
  expiresAt: (IAT + 300) * 1_000,
  added: {},
};

interface Asked {
  readonly principal?: Partial<Principal>;
  readonly notAfter?: Date;
  readonly kid?: string;
  readonly now?: Date;
}

function isGood({ principal: changes = {}, notAfter = at(300), kid = 'k1', now = at(0) }: Asked): boolean {
  const request = { principal: { ...principal, ...changes }, audience: 'shop', notAfter };
  return isGoodFor(request, minted, { kid }, now);
}

describe('a token in memory', () => {
  it.each<[string, Asked]>([
    ['at once', {}],
    ['up to half of its life', { now: at(150) }],
    ['with scopes of another list that says the same', { principal: { scopes: ['read', 'write'] } }],
    ['for a session that lives longer', { notAfter: at(90_000) }],
    ['for a proof of the same second', { principal: { authenticatedAt: at(-6.001) } }],
  ])('is answered again %s', (_, asked) => {
    expect(isGood(asked)).toBe(true);
  });

  it.each<[string, Asked]>([
    ['after half of its life', { now: at(150.001) }],
    ['when it is over', { now: at(300) }],
    ['when another key signs', { kid: 'k2' }],
    ['to another user of the session, after a merge', { principal: { userId: 'u2' } }],
    ['for another application', { principal: { applicationId: 'a2' } }],
    ['with a scope less', { principal: { scopes: ['read'] } }],
    ['with a scope more', { principal: { scopes: ['read', 'write', 'admin'] } }],
    ['with other scopes', { principal: { scopes: ['read', 'admin'] } }],
    ['for a proof of another strength', { principal: { assurance: 'vendor' } }],
    ['for a bot that is merely allowed', { principal: { shownAs: 'allowed-bot' } }],
    ['for a proof of another door', { principal: { door: 'telegram-oidc' } }],
    ['where the door is not remembered', { principal: { door: null } }],
    ['after a step-up', { principal: { authenticatedAt: at(0) } }],
    ['without scopes', { principal: { scopes: [] } }],
    ['beyond the end of the session', { notAfter: at(299.999) }],
  ])('is not answered %s', (_, asked) => {
    expect(isGood(asked)).toBe(false);
  });
});
