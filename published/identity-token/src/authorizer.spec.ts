import { authorizer, type AuthRequirements } from './authorizer';
import type { IdentityToken } from './identity-token';
import { IdentityTokenError, type IdentityTokenErrorCode } from './identity-token-error';
import type { IdentityTokenVerifier } from './identity-token-verifier';

const CHALLENGE = 'Bearer realm="countersign"';
const CONTENT_TYPE = { 'content-type': 'application/problem+json; charset=utf-8' };

const caller: IdentityToken = {
  userId: 'user-1',
  sessionId: 'session-1',
  applicationId: 'application-1',
  audience: 'shop',
  scopes: ['orders:read', 'orders:write'],
  assurance: 'bot-token',
  methods: [],
  authenticatedAt: undefined,
  teams: undefined,
  areTeamsTruncated: false,
  issuedAt: new Date(0),
  expiresAt: new Date(300_000),
  tokenId: 'token-1',
};
const accepting: IdentityTokenVerifier = { verify: () => Promise.resolve(caller) };
const rejecting = (error: Error): IdentityTokenVerifier => ({ verify: () => Promise.reject(error) });

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

  it.each<[string, AuthRequirements | undefined]>([
    ['nothing', undefined],
    ['nothing, said twice', {}],
    ['one of the scopes', { scopes: ['orders:write'] }],
    ['all of the scopes', { scopes: ['orders:write', 'orders:read'] }],
    ['the very assurance', { leastAssurance: 'bot-token' }],
    ['a weaker assurance, and a scope', { leastAssurance: 'vendor', scopes: ['orders:read'] }],
  ])('let a caller pass with %s', async (_, requirements) => {
    expect(await authorizer(accepting, requirements)('token')).toEqual({ caller });
  });

  it.each<[IdentityToken['assurance']]>([['bot-token'], ['vendor'], [undefined]])(
    'answer 403 to the assurance %p where the platform has to be sure',
    async (assurance) => {
      const verifier: IdentityTokenVerifier = { verify: () => Promise.resolve({ ...caller, assurance }) };

      expect(await authorizer(verifier, { leastAssurance: 'platform' })('token')).toMatchObject({
        problem: { status: 403, headers: CONTENT_TYPE, body: { code: 'identity_token.assurance_too_low' } },
      });
    },
  );
});

describe('a token that is refused', () => {
  const invalid = { ...CONTENT_TYPE, 'www-authenticate': `${CHALLENGE}, error="invalid_token"` };

  it.each<[IdentityTokenErrorCode, number, string, Record<string, string>]>([
    ['missing', 401, 'Unauthorized', { ...CONTENT_TYPE, 'www-authenticate': CHALLENGE }],
    ['malformed', 401, 'Unauthorized', invalid],
    ['unknown_key', 401, 'Unauthorized', invalid],
    ['expired', 401, 'Unauthorized', invalid],
    ['assurance_too_low', 403, 'Forbidden', CONTENT_TYPE],
    ['keys_unavailable', 503, 'Service Unavailable', { ...CONTENT_TYPE, 'retry-after': '5' }],
  ])('as %s is answered with %i', async (code, status, title, headers) => {
    const error = new IdentityTokenError(code);
    const name = `identity_token.${code}`;

    expect(await authorizer(rejecting(error))('token')).toEqual({
      problem: {
        status,
        headers,
        body: {
          type: `urn:countersign:error:${name}`,
          title,
          status,
          detail: `${error.message}.`,
          code: name,
        },
      },
    });
  });

  it('by a defect is not answered', async () => {
    const defect = new Error('a defect');

    await expect(authorizer(rejecting(defect))('token')).rejects.toBe(defect);
  });

  it('is the one of the request', async () => {
    const verify = jest.fn<Promise<IdentityToken>, [unknown]>().mockResolvedValue(caller);
    await authorizer({ verify })(['one', 'other']);

    expect(verify.mock.calls).toEqual([[['one', 'other']]]);
  });
});
