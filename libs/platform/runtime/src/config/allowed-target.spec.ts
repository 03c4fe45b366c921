import { allowedTargets } from './allowed-target';

const MESSAGE = 'must be names, IP addresses (both also with :port) or CIDR ranges, comma separated';

describe('WEBHOOK_ALLOWED_TARGETS', () => {
  it('has names, addresses and ranges, with and without ports', () => {
    expect(allowedTargets(' Receiver ,hooks.Internal:8080, müller.example')).toEqual([
      { kind: 'name', name: 'receiver', port: null },
      { kind: 'name', name: 'hooks.internal', port: 8080 },
      { kind: 'name', name: 'xn--mller-kva.example', port: null },
    ]);
    expect(allowedTargets('10.0.0.7,10.0.0.7:80,10.0.0.0/8')).toEqual([
      { kind: 'range', address: '10.0.0.7', bits: 32, port: null },
      { kind: 'range', address: '10.0.0.7', bits: 32, port: 80 },
      { kind: 'range', address: '10.0.0.0', bits: 8, port: null },
    ]);
    expect(allowedTargets('fd00::7,[fd00::7],[fd00::7]:65535,fd00::/8')).toEqual([
      { kind: 'range', address: 'fd00::7', bits: 128, port: null },
      { kind: 'range', address: 'fd00::7', bits: 128, port: null },
      { kind: 'range', address: 'fd00::7', bits: 128, port: 65_535 },
      { kind: 'range', address: 'fd00::', bits: 8, port: null },
    ]);
    expect(allowedTargets('')).toEqual([]);
  });

  it.each([
    'http://receiver',
    'receiver/',
    'receiver:0',
    'receiver:65536',
    'receiver:',
    'receiver:http',
    'receiver.',
    '-receiver',
    'user@receiver',
    'receiver?',
    'receiver#',
    'two words',
    '*.example.com',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '10.0.0/8',
    '10.1',
    '0x7f.1',
    '2130706433',
    '256.0.0.1',
    'fd00::/129',
    'fd00::7:8080:',
    '[fd00::7',
    '[10.0.0.7]:80',
    '[fd00::7%eth0]',
    'fe80::1%eth0',
    'a,b/c',
  ])('refuses %j, which is not quoted', (text) => {
    expect(() => allowedTargets(text)).toThrow(new Error(MESSAGE));
  });
});
