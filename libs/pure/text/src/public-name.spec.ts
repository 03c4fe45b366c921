import { isPublicName } from './public-name';
import { parseUrl } from './parse-url';

describe('a public name', () => {
  it.each(['example.com', 'a_b.example.org', 'bücher.example', 'localhost.example.com', 'corp.com'])(
    'is %s',
    (host) => {
      expect(isPublicName(parseUrl(`https://${host}/`)?.hostname ?? '')).toBe(true);
    },
  );

  it.each([
    ...[
      '127.0.0.1',
      '0x7f.1',
      '2130706433',
      '0177.0.0.1',
      '169.254.169.254',
      '93.184.216.34',
      '１２７.0.0.1',
    ],
    ...[
      '[::1]',
      '[::ffff:127.0.0.1]',
      '[2606:2800::1]',
      'localhost',
      'LOCALHOST',
      'localhost.',
      'a.localhost',
    ],
    ...[
      'intranet',
      'printer.local',
      'x.internal',
      'ad.corp',
      'nas.home',
      'nas.home.arpa',
      'nas.lan',
      'example.com.',
    ],
  ])('is not %s', (host) => {
    expect(isPublicName(parseUrl(`https://${host}/`)?.hostname ?? '')).toBe(false);
  });
});
