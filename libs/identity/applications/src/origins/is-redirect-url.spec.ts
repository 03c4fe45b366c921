import { isRedirectUrl } from './is-redirect-url';

const PAGE = 'https://game.example/in';

describe('a page that a sign-in may end at', () => {
  it.each([
    PAGE,
    'https://game.example',
    'https://game.example:8443/in?lang=en&x=a%20b',
    'https://игра.example/привет',
    'http://localhost:3000/in',
    'http://127.0.0.1/in',
    'http://[::1]:3000/in',
    // Names that only look like those that are added.
    `${PAGE}?codes=1&promocode=1&State=1&errors=1&x=code`,
    'https://game.example/code?next=state',
  ])('may be %s', (url) => {
    expect(isRedirectUrl(url)).toBe(true);
  });

  it.each(['code', 'state', 'error', 'error_description'])(
    'has no parameter "%s" of its own, however it is written, since one is added',
    (name) => {
      const encoded = `%${name.charCodeAt(0).toString(16)}${name.slice(1)}`;
      for (const query of [`${name}=old`, name, `${name}=`, `lang=en&${name}=old`, `${encoded}=old`])
        expect([query, isRedirectUrl(`${PAGE}?${query}`)]).toEqual([query, false]);
    },
  );

  it.each([
    ['another scheme', 'ftp://game.example/in'],
    ['a script', 'javascript:alert(1)'],
    ['HTTP elsewhere than on this machine', 'http://game.example/in'],
    ['HTTP on a host that is only called local', 'http://localhost.evil.example/in'],
    ['a fragment', `${PAGE}#a`],
    ['an empty fragment', `${PAGE}#`],
    ['a user', 'https://a@game.example/in'],
    ['a password', 'https://:b@game.example/in'],
    ['a path alone', '/in'],
    ['no text', ''],
    ['more text than any page needs', `${PAGE}?x=${'x'.repeat(2_000)}`],
    ['no text at all', null],
  ])('is refused: %s', (_, url) => {
    expect(isRedirectUrl(url)).toBe(false);
  });
});
