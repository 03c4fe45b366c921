import type { AllowedTarget } from '@countersign/runtime';
import { mayCall } from './address-rules';

const DESTINATION = { host: 'hooks.example.com', port: 443 };
const BY_NAME: readonly AllowedTarget[] = [{ kind: 'name', name: DESTINATION.host, port: null }];

describe('an address that a name resolves to', () => {
  it.each([
    ['93.184.216.34', true],
    ['2606:4700::1', true],
    ['::ffff:8.8.8.8', true],
    ['127.0.0.1', false],
    ['::ffff:10.0.0.1', false],
    ['fe80::1%eth0', false],
    ['8.8.8.8%eth0', false],
    ['2130706433', false],
    ['hooks.example.com', false],
    ['', false],
  ])('%s: %p', (address, isCalled) => {
    expect(mayCall(address, DESTINATION, [])).toBe(isCalled);
  });

  it.each([
    ['127.0.0.1', true],
    ['10.0.0.1', true],
    ['fd00::1', true],
    ['100.64.0.1', true],
    ['fd00:ec3::254', true],
    ['169.254.169.254', false],
    ['fe80::1', false],
    ['168.63.129.16', false],
    ['::ffff:168.63.129.16', false],
    ['100.100.100.200', false],
    ['fd00:ec2::254', false],
    ['fd00:ec2:0::23', false],
    ['fd20:ce::254', false],
    ['fd00:42::42', false],
    ['0.0.0.0', false],
    ['::', false],
    ['224.0.0.1', false],
    ['255.255.255.255', false],
  ])('%s under a name of the list: %p', (address, isCalled) => {
    expect(mayCall(address, DESTINATION, BY_NAME)).toBe(isCalled);
    expect(mayCall(address, { ...DESTINATION, host: 'other.example.com' }, BY_NAME)).toBe(false);
  });

  it('may be in a range of the list, under every name, at its port', () => {
    const range = { kind: 'range', address: '10.1.0.0', bits: 16 } as const;

    expect(mayCall('10.1.2.3', DESTINATION, [{ ...range, port: null }])).toBe(true);
    expect(mayCall('::ffff:10.1.2.3', DESTINATION, [{ ...range, port: 443 }])).toBe(true);
    expect(mayCall('10.1.2.3', DESTINATION, [{ ...range, port: 8443 }])).toBe(false);
    expect(mayCall('10.2.2.3', DESTINATION, [{ ...range, port: null }])).toBe(false);
    const metadata = { kind: 'range', address: 'fd00:ec2::254', bits: 128, port: null } as const;
    expect(mayCall('fd00:ec2::254', DESTINATION, [metadata])).toBe(true);
  });
});
