import { authorizer, type AuthRequirements } from './authorizer';
import type { IdentityToken } from './identity-token';
import type { IdentityTokenVerifier } from './identity-token-verifier';

const caller: IdentityToken = {
  userId: 'user-1',
  sessionId: 'session-1',
  applicationId: 'application-1',
  audience: 'shop',
  scopes: ['orders:read', 'orders:write'],
  assurance: 'bot-token',
  methods: [],
  authenticatedAt: undefined,
  issuedAt: new Date(0),
  expiresAt: new Date(300_000),
  tokenId: 'token-1',
};
const accepting: IdentityTokenVerifier = { verify: () => Promise.resolve(caller) };

describe('requirements of a route', () => {
  it.each<[string, unknown]>([
    ['no scope', { scopes: [] }],
    ['one scope that is no list', { scopes: 'orders:read' }],
    ['several scopes in one', { scopes: ['orders:read orders:write'] }],
    ['a scope that would end the text of a header', { scopes: ['orders"'] }],
    ['a line break', { scopes: ['orders\r\n'] }],
    ['an unknown assurance', { leastAssurance: 'certain' }],
    ['an unknown requirement', { scope: ['orders:read'] }],
  ])('are refused with %s', (_, requirements) => {
    expect(() => authorizer(accepting, requirements as AuthRequirements)).toThrow(TypeError);
  });

  it('names the unknown requirement', () => {
    expect(() => authorizer(accepting, { scope: 'orders' } as AuthRequirements)).toThrow(
      'there is no requirement scope',
    );
  });
});
