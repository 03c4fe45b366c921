import { browserCookie, noBrowserCookie, readBrowserCookie } from './oidc-sign-in.service';

const pairOf = (cookie: string): string => cookie.split(';', 1)[0] ?? '';

describe('the cookie of a sign-in', () => {
  it('is for this host, this browser and HTTPS only', () => {
    expect(browserCookie('a', 'secret', 600)).toMatch(
      /^__Host-oidc-[0-9a-f]{16}=secret; Max-Age=600; Path=\/; Secure; HttpOnly; SameSite=Lax$/,
    );
    expect(noBrowserCookie('a')).toMatch(
      /^__Host-oidc-[0-9a-f]{16}=; Max-Age=0; Path=\/; Secure; HttpOnly; SameSite=Lax$/,
    );
  });

  it('is read among others, each sign-in its own', () => {
    const header = `x=y; ${pairOf(browserCookie('a', 'one', 600))};${pairOf(browserCookie('b', 'two=', 600))}`;

    expect(readBrowserCookie(header, 'a')).toBe('one');
    expect(readBrowserCookie(header, 'b')).toBe('two=');
    expect(readBrowserCookie(header, 'c')).toBeNull();
    expect(readBrowserCookie(undefined, 'a')).toBeNull();
  });

  it('is not read when there are two of it', () => {
    const [one, two] = ['one', 'two'].map((secret) => pairOf(browserCookie('a', secret, 600)));

    expect(readBrowserCookie(`${one ?? ''}; ${two ?? ''}`, 'a')).toBeNull();
  });
});
