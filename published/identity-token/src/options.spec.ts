import { createIdentityTokenVerifier, type IdentityTokenOptions } from '.';
import { readOptions } from './options';

const settings = { issuer: 'https://id.example.com', audience: 'shop' };

function withOption(option: object): IdentityTokenOptions {
  return { ...settings, ...option };
}

describe('the options', () => {
  it.each([
    ['https://id.example.com', 'https://id.example.com/.well-known/jwks.json'],
    ['https://id.example.com/', 'https://id.example.com/.well-known/jwks.json'],
    ['https://id.example.com/sso', 'https://id.example.com/sso/.well-known/jwks.json'],
    ['https://id.example.com//other.example', 'https://id.example.com//other.example/.well-known/jwks.json'],
    ['http://localhost:3000', 'http://localhost:3000/.well-known/jwks.json'],
    ['http://127.0.0.1:3000', 'http://127.0.0.1:3000/.well-known/jwks.json'],
    ['http://[::1]:3000', 'http://[::1]:3000/.well-known/jwks.json'],
  ])('find the keys of %s', (issuer, jwksUrl) => {
    expect(readOptions({ ...settings, issuer })).toMatchObject({ issuer, jwksUrl });
  });

  it('may name another place for the keys, by plain HTTP only on purpose', () => {
    const inside = 'http://countersign:3000/.well-known/jwks.json';

    expect(() => readOptions({ ...settings, jwksUrl: inside })).toThrow('https');
    expect(readOptions({ ...settings, jwksUrl: inside, allowHttp: true })).toMatchObject({ jwksUrl: inside });
  });

  it.each<[string, object]>([
    ['no issuer', { issuer: undefined }],
    ['an empty issuer', { issuer: '' }],
    ['an issuer that is no URL', { issuer: 'countersign' }],
    ['an issuer that is no place', { issuer: 'urn:countersign' }],
    ['an issuer with a query', { issuer: 'https://id.example.com?x' }],
    ['an issuer with credentials', { issuer: 'https://a:b@id.example.com' }],
    ['an issuer without encryption', { issuer: 'http://id.example.com' }],
    ['an issuer that only begins like this machine', { issuer: 'http://localhost.example.com' }],
    ['an issuer that only begins like its address', { issuer: 'http://127.0.0.1.example.com' }],
    ['keys in a file', { jwksUrl: 'file:///etc/jwks.json' }],
    ['no audience', { audience: undefined }],
    ['an empty audience', { audience: '' }],
    ['a list of no audiences', { audience: [] }],
    ['a list with an empty audience', { audience: ['shop', ''] }],
    ['no algorithm', { algorithms: [] }],
    ['an HMAC', { algorithms: ['HS256'] }],
    ['an HMAC too', { algorithms: ['ES256', 'HS256'] }],
    ['no signature', { algorithms: ['none'] }],
    ['an algorithm that is no list', { algorithms: 'ES256' }],
    ['no time', { timeLimit: 0 }],
    ['time that is no number', { timeLimit: NaN }],
    ['an assurance that is not known', { leastAssurance: 'strong' }],
    ['an assurance that is none', { leastAssurance: null }],
    ['a switch in words', { allowHttp: 'false' }],
    ['a clock that is a time', { now: new Date() }],
    ['a misspelt option', { audiences: ['shop'] }],
  ])('refuse %s', (_, option) => {
    expect(() => createIdentityTokenVerifier(withOption(option))).toThrow(
      /ha(s|ve) to|there is no option|is missing/,
    );
  });

  it('do not compile without issuer and audience', () => {
    // @ts-expect-error -- for whom?
    expect(() => createIdentityTokenVerifier({ issuer: 'https://id.example.com' })).toThrow(TypeError);
    // @ts-expect-error -- by whom?
    expect(() => createIdentityTokenVerifier({ audience: 'shop' })).toThrow(TypeError);
    // @ts-expect-error -- for nobody
    expect(() => createIdentityTokenVerifier({ ...settings, audience: [] })).toThrow(TypeError);
    // @ts-expect-error -- there is no secret to share
    expect(() => createIdentityTokenVerifier({ ...settings, algorithms: ['HS256'] })).toThrow(TypeError);
  });
});
