import { countedAddress } from './counted-address';

describe('countedAddress', () => {
  it.each([
    ['203.0.113.9', '203.0.113.9'],
    ['172.32.0.0', '172.32.0.0'],
    ['100.128.0.0', '100.128.0.0'],
    ['203.0.113.9:49152', '203.0.113.9'],
  ])('takes %s for one caller', (address, counted) => {
    expect(countedAddress(address)).toBe(counted);
  });

  it.each([
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002:ffff:ffff:ffff:ffff', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:db8:1:3::1', '2001:db8:1:3::/64'],
    ['2001:db8:1:2:3:4:203.0.113.9', '2001:db8:1:2::/64'],
    ['::2', '0:0:0:0::/64'],
    ['[2001:db8:1:2::1]:50001', '2001:db8:1:2::/64'],
  ])('counts %s by its /64', (address, counted) => {
    expect(countedAddress(address)).toBe(counted);
  });

  it.each(['::ffff:203.0.113.9', '::FFFF:cb00:7109', '0:0:0:0:0:ffff:203.0.113.9', '64:ff9b::cb00:7109'])(
    'counts %s as the IPv4 address within',
    (address) => {
      expect(countedAddress(address)).toBe('203.0.113.9');
    },
  );

  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.1.1',
    '100.127.255.255',
    '0.0.0.0',
    '::',
    '::1',
    'fc00::1',
    'fdff:ffff::1',
    'fe80::1',
    '64:ff9b:1::a00:1',
    '::ffff:10.1.2.3',
    '64:ff9b::10.0.0.1',
  ])('does not take %s for one caller', (address) => {
    expect(countedAddress(address)).toBeNull();
  });

  it.each([undefined, '', 'unknown', '_hidden', '203.0.113', '203.0.113.256', '[2001:db8::1', '1:2'])(
    'knows nobody in %p',
    (address) => {
      expect(countedAddress(address)).toBeNull();
    },
  );
});
