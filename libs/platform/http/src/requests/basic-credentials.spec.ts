import { readBasic } from './basic-credentials';

const basic = (text: string | Buffer) => `Basic ${Buffer.from(text).toString('base64')}`;

describe('readBasic', () => {
  it.each<[string, string, string]>([
    [basic('app:secret'), 'app', 'secret'],
    [basic('app:secret').replace('Basic', 'bASIC'), 'app', 'secret'],
    [basic('app:a:b'), 'app', 'a:b'],
    // RFC 6749 section 2.3.1, as `oauth4webapi` writes it.
    [basic('0199%2Da3:cs%5Fcs%5FA%2Db'), '0199-a3', 'cs_cs_A-b'],
    [basic('a+b:%C3%A9%3A'), 'a b', 'é:'],
    [basic('app:secret').replace(/=+$/, ''), 'app', 'secret'],
  ])('reads %s', (header, clientId, clientSecret) => {
    expect(readBasic(header)).toEqual({ clientId, clientSecret });
  });

  it.each([
    '',
    'Basic',
    'Basic ',
    'Basic ====',
    'Basic not*base64',
    'Bearer YXBwOnNlY3JldA==',
    'DPoP YXBwOnNlY3JldA==',
    'Digest username="app"',
    'YXBwOnNlY3JldA==',
    `${basic('app:secret')} x`,
    `${basic('app:secret')},${basic('app:secret')}`,
    basic('app'),
    basic('app:'),
    basic(':secret'),
    basic(':'),
    basic('app:%'),
    basic('%zz:secret'),
    basic('app:%ff'),
    basic(Buffer.from([0x61, 0x3a, 0xff, 0xfe])),
  ])('refuses %j', (header) => {
    expect(readBasic(header)).toBeNull();
  });
});
