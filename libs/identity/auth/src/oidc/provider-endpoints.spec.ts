import { assertAtIssuer } from './telegram-oidc';

const issuer = 'https://oauth.telegram.org';
const document = {
  issuer,
  authorization_endpoint: `${issuer}/auth`,
  token_endpoint: `${issuer}/token`,
  jwks_uri: `${issuer}/.well-known/jwks.json`,
  response_types_supported: ['code'],
};

describe('assertAtIssuer', () => {
  it('takes a document like Telegram’s', () => {
    expect(() => assertAtIssuer(document)).not.toThrow();
  });

  it.each<[string, object]>([
    ['no token endpoint', { token_endpoint: undefined }],
    ['an endpoint that is no text', { jwks_uri: [document.jwks_uri] }],
    ['a relative endpoint', { token_endpoint: '/token' }],
    ['another host', { token_endpoint: 'https://oauth.telegram.org.evil.example/' }],
    ['another scheme', { jwks_uri: 'http://oauth.telegram.org/jwks' }],
    ['another port', { authorization_endpoint: `${issuer}:444/auth` }],
    ['a user', { token_endpoint: 'https://a@oauth.telegram.org/token' }],
    ['a fragment', { authorization_endpoint: `${issuer}/auth#a` }],
  ])('refuses %s', (_, changes) => {
    expect(() => assertAtIssuer({ ...document, ...changes })).toThrow('oidc.answer_malformed');
  });
});
