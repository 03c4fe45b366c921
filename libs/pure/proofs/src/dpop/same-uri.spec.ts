import { isSameUri } from './verify-dpop-proof';

const uri = 'https://id.example/v1/a~b/c%2Fd';

describe('isSameUri', () => {
  it.each([
    ['as it is', uri],
    ['a query', `${uri}?a=1#b`],
    ['a query with a line break', `${uri}?a\nb`],
    ['scheme and host in capitals', 'HTTPS://ID.Example/v1/a~b/c%2Fd'],
    ['the default port', 'https://id.example:443/v1/a~b/c%2Fd'],
    ['hex digits of the other case', 'https://id.example/v1/a~b/c%2fd'],
    ['escapes that nothing asks for', 'https://id.example/%761/a%7Eb/c%2Fd'],
    ['dot segments', 'https://id.example/x/../v1/./a~b/c%2Fd'],
    ['escaped dot segments', 'https://id.example/x/%2e%2E/v1/%2e/a~b/c%2Fd'],
  ])('takes for the same: %s', (_, spelling) => {
    expect([isSameUri(spelling, uri), isSameUri(uri, spelling)]).toEqual([true, true]);
  });

  it.each([
    ['https://id.example', 'https://id.example/'],
    ['http://[::1]:3000/x', 'http://[0:0::1]:3000/x'],
    ['https://id.example/@me', 'https://id.example/@me'],
  ])('takes %s for %s', (one, other) => {
    expect(isSameUri(one, other)).toBe(true);
  });

  it.each([
    ['another scheme', 'http://id.example/v1/a~b/c%2Fd'],
    ['another host', 'https://id.example.evil.example/v1/a~b/c%2Fd'],
    ['another port', 'https://id.example:8443/v1/a~b/c%2Fd'],
    ['the port of another scheme', 'https://id.example:80/v1/a~b/c%2Fd'],
    ['a slash at the end', `${uri}/`],
    ['a slash instead of its escape', 'https://id.example/v1/a~b/c/d'],
    ['an escape of an escape', 'https://id.example/v1/a%257Eb/c%2Fd'],
    ['a path in capitals', 'https://id.example/V1/a~b/c%2Fd'],
    ['a part of the path', 'https://id.example/v1/a~b'],
    ['the path alone', '/v1/a~b/c%2Fd'],
    ['no scheme', '//id.example/v1/a~b/c%2Fd'],
    ['three slashes', 'https:///id.example/v1/a~b/c%2Fd'],
    ['a backslash', 'https://id.example/v1\\a~b/c%2Fd'],
    ['backslashes before the host', 'https:\\\\id.example/v1/a~b/c%2Fd'],
    ['user information', 'https://ada@id.example/v1/a~b/c%2Fd'],
    ['a line break', 'https://id.example/v1/a~b/c%2F\nd'],
    ['blanks around it', ` ${uri} `],
    ['another kind of URL', 'ftp://id.example/v1/a~b/c%2Fd'],
  ])('takes for another: %s', (_, other) => {
    expect([isSameUri(other, uri), isSameUri(uri, other)]).toEqual([false, false]);
  });

  it.each(['https://ada@id.example/x', 'https://id.example\\x', '/x', 'https://[::1/x', '\ud800'])(
    'takes %j for nothing, itself included',
    (text) => {
      expect(isSameUri(text, text)).toBe(false);
    },
  );
});
