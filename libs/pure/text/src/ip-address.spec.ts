import { isInRange, readIpAddress, readIpRange } from './ip-address';

const IPV4 = ['203.0.113.9', '::ffff:203.0.113.9', '::FFFF:cb00:7109', '0:0:0:0:0:ffff:203.0.113.9'];
const IPV6 = ['2001:db8:1::1', '2001:0DB8:0001::0001', '2001:db8:1:0:0:0:0:1'];

/** What servers and proxies make of an address. */
const forms: readonly ((address: string) => string)[] = [
  (address) => address,
  (address) => `[${address}]`,
  (address) => `[${address}]:443`,
  (address) => `[${address}]:50001`,
  (address) => `[${address}]:`,
  (address) => `${address}%eth0`,
  (address) => `[${address}%1]`,
  (address) => `[${address}%25en0]:50001`,
];

describe('an address', () => {
  it.each(forms.flatMap((form) => IPV4.map(form)).concat('203.0.113.9:443', '203.0.113.9:50001'))(
    'is the same IPv4 address as %s',
    (text) => {
      expect(readIpAddress(text)?.toString()).toBe('203.0.113.9');
    },
  );

  it.each(
    forms
      .flatMap((form) => IPV6.map(form))
      // Five digits are no group of an address, and nine groups are too many.
      .concat('2001:db8:1::1:50001', '2001:db8:1:0:0:0:0:1:443'),
  )('is the same IPv6 address as %s', (text) => {
    expect(readIpAddress(text)?.toString()).toBe('2001:db8:1::1');
  });

  it.each(
    [
      '',
      ' ',
      '%',
      '[]',
      ':',
      ':80',
      'unknown',
      '_hidden',
      'localhost:80',
      'example.com',
      '203.0.113',
      '127.1',
      '1:2',
    ]
      .concat(
        '0x7f.0.0.1',
        '010.0.0.1',
        '2130706433',
        '203.0.113.256',
        '203.0.113.9:port',
        '203.0.113.9:123456',
      )
      .concat('203.0.113.9:1:1', '203.0.113.9/32', '203.0.113.9, 203.0.113.8', ' 203.0.113.9')
      .concat('[2001:db8::1', '2001:db8::1]', '[[2001:db8::1]]', '[2001:db8::1]x', 'x2001:db8::1'),
  )('is not read from %j', (text) => {
    expect(readIpAddress(text)).toBeNull();
  });
});

describe('a range', () => {
  it.each([
    ['10.0.0.0/8', '10.255.255.255', '11.0.0.0'],
    ['10.0.0.7', '10.0.0.7', '10.0.0.8'],
    ['0.0.0.0/0', '203.0.113.9', '2001:db8::1'],
    ['2001:db8:1::/48', '2001:db8:1:ffff::1', '2001:db8:2::'],
    ['fe80::1%eth0', 'fe80::1%eth1', 'fe80::2'],
    ['[2001:db8::1]', '[2001:db8::1]:443', '2001:db8::2'],
    ['::/0', '2001:db8::1', '203.0.113.9'],
    ['::ffff:10.0.0.7', '10.0.0.7', '10.0.0.8'],
    ['::ffff:10.0.0.0/104', '10.255.255.255', '11.0.0.0'],
  ])('%s has %s and not %s', (text, inside, outside) => {
    const range = readIpRange(text);
    const has = (address: string) => {
      const read = readIpAddress(address);
      return range && read && isInRange(read, range);
    };

    expect([has(inside), has(outside)]).toEqual([true, false]);
  });

  it.each(
    [
      '',
      '/',
      '/8',
      '10.0.0.0/',
      '10.0.0.0/33',
      '10.0.0.0/-1',
      '10.0.0.0/8/8',
      '10.0.0.0/255.0.0.0',
      'gateway/8',
    ].concat(
      'gateway',
      '10.0.0.7:443',
      '2001:db8::/129',
      '2001:db8::/1e1',
      '::ffff:10.0.0.0/95',
      '::ffff:10.0.0.0/129',
    ),
  )('is not read from %j', (text) => {
    expect(readIpRange(text)).toBeNull();
  });
});
