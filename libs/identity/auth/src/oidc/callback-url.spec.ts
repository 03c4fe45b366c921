import { callbackUrlAt } from './oidc-sign-in.service';

const PATH = '/v1/auth/telegram/oidc/callback';

describe('callbackUrlAt', () => {
  it('is at the public URL of the service, whatever the request says', () => {
    expect(callbackUrlAt('https://id.example.com/sso', 'evil.example')).toBe(
      `https://id.example.com/sso${PATH}`,
    );
  });

  it.each([
    ['id.example.com', `https://id.example.com${PATH}`],
    ['ID.Example.com:8443', `https://id.example.com:8443${PATH}`],
    ['id.example.com:443', `https://id.example.com${PATH}`],
    ['192.168.1.7:3000', `https://192.168.1.7:3000${PATH}`],
    ['localhost.example.com', `https://localhost.example.com${PATH}`],
    ['127.0.0.1.example.com', `https://127.0.0.1.example.com${PATH}`],
    ['localhost:3000', `http://localhost:3000${PATH}`],
    ['127.0.0.1:3000', `http://127.0.0.1:3000${PATH}`],
    ['[::1]:3000', `http://[::1]:3000${PATH}`],
  ])('is at %s', (host, url) => {
    expect(callbackUrlAt(null, host)).toBe(url);
  });

  it.each([
    undefined,
    '',
    'a/b',
    'a?b',
    'a#b',
    'a@b',
    'a b',
    'a:b',
    'a:99999',
    'a,b',
    '[::1',
    'é.example',
    '%61',
  ])('refuses %s', (host) => {
    expect(() => callbackUrlAt(null, host)).toThrow('request.malformed');
  });
});
