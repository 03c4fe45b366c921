import { authorizer, type AuthRequirements } from './authorizer';
import type { IdentityTokenVerifier } from './identity-token-verifier';

const verifier: IdentityTokenVerifier = { verify: () => Promise.reject(new Error('is not asked')) };

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
    expect(() => authorizer(verifier, requirements as AuthRequirements)).toThrow(TypeError);
  });

  it.each<[string, AuthRequirements | undefined]>([
    ['nothing', undefined],
    ['nothing, said twice', {}],
    ['all of them', { scopes: ['orders:read'], leastAssurance: 'vendor' }],
  ])('may name %s', (_, requirements) => {
    expect(() => authorizer(verifier, requirements)).not.toThrow();
  });
});
