import { signedOutCookies } from './session-cookie';

describe('the cookie of a sign-out', () => {
  it.each([
    ['as long as a sign-in at the provider may be old, with the tolerance of that check', 1_800, 1_830],
    ['30 days where the provider sends no `auth_time`', 0, 2_592_000],
  ])('lives %s', (_, maxAge, lifetime) => {
    const [, cookie] = signedOutCookies(new Date(7_900), maxAge);

    expect(cookie).toBe(
      `__Host-console-signed-out=7; Max-Age=${lifetime}; Path=/; Secure; HttpOnly; SameSite=Lax`,
    );
  });
});
