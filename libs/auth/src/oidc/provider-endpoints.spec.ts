import { readProviderEndpoints } from './provider-endpoints';

const issuer = 'https://oauth.telegram.org';
const document = {
  issuer,
  authorization_endpoint: `${issuer}/auth`,
  token_endpoint: `${issuer}/token`,
  jwks_uri: `${issuer}/.well-known/jwks.json`,
  response_types_supported: ['code'],
};

describe('readProviderEndpoints', () => {
  it('reads a document like Telegram’s', () => {
    expect(readProviderEndpoints(JSON.stringify(document), issuer)).toEqual({
      authorization: `${issuer}/auth`,
      token: `${issuer}/token`,
      jwks: `${issuer}/.well-known/jwks.json`,
    });
  });

  it.each<[string, string]>([
    ['no JSON', '<p>'],
    ['no object', '[]'],
    ['another issuer', JSON.stringify({ ...document, issuer: `${issuer}/` })],
    ['no issuer', JSON.stringify({ ...document, issuer: undefined })],
    ['no token endpoint', JSON.stringify({ ...document, token_endpoint: undefined })],
    ['an endpoint that is no text', JSON.stringify({ ...document, jwks_uri: [document.jwks_uri] })],
    ['a relative endpoint', JSON.stringify({ ...document, token_endpoint: '/token' })],
    [
      'another host',
      JSON.stringify({ ...document, token_endpoint: 'https://oauth.telegram.org.evil.example/' }),
    ],
    ['another scheme', JSON.stringify({ ...document, jwks_uri: 'http://oauth.telegram.org/jwks' })],
    ['another port', JSON.stringify({ ...document, authorization_endpoint: `${issuer}:444/auth` })],
    ['a user', JSON.stringify({ ...document, token_endpoint: 'https://a@oauth.telegram.org/token' })],
    ['a fragment', JSON.stringify({ ...document, authorization_endpoint: `${issuer}/auth#a` })],
    ['two issuers', JSON.stringify(document).replace('{', '{"issuer":"https://evil.example",')],
  ])('refuses %s', (_, text) => {
    expect(() => readProviderEndpoints(text, issuer)).toThrow('oidc.answer_malformed');
  });
});
