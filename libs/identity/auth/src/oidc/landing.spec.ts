import { unavailable } from '@countersign/database';
import { idTokenError, oidcError } from './oidc.errors';
import { landingWithCode, landingWithError } from './oidc-sign-in.service';

const page = (redirectUri: string, clientState: string | null = null) => ({ redirectUri, clientState });

describe('the page that a login ends at', () => {
  it.each([
    ['https://app.example', 'https://app.example/?code=c'],
    ['https://app.example/in?', 'https://app.example/in?code=c'],
    ['https://app.example/in?a=%2B+b&a=%20', 'https://app.example/in?a=%2B+b&a=%20&code=c'],
    ['http://localhost:5173/in', 'http://localhost:5173/in?code=c'],
    ['https://пример.рф/вход?я', 'https://xn--e1afmkfd.xn--p1ai/%D0%B2%D1%85%D0%BE%D0%B4?%D1%8F&code=c'],
  ])('keeps the query of %s', (redirectUri, location) => {
    expect(landingWithCode(page(redirectUri), 'c')).toBe(location);
  });

  it('is told the state of the client as it was', () => {
    const state = 'a&b=c d+e%20#é';
    const { searchParams } = new URL(landingWithCode(page('https://app.example/', state), 'c'));

    expect([...searchParams]).toEqual([
      ['code', 'c'],
      ['state', state],
    ]);
  });

  it.each([
    [oidcError('oidc.login_declined'), 'access_denied'],
    [oidcError('oidc.provider_unavailable'), 'temporarily_unavailable'],
    [unavailable(null), 'temporarily_unavailable'],
    [oidcError('oidc.client_refused'), 'server_error'],
    [idTokenError('oidc.signature_mismatch'), 'server_error'],
  ])('is told of %s', (error, word) => {
    const { searchParams } = new URL(landingWithError(page('https://app.example/', 's'), error));

    expect(Object.fromEntries(searchParams)).toEqual({
      error: word,
      error_description: error.code,
      state: 's',
    });
  });
});
