import { adminHosts } from './admin-hosts';

const LOCAL = [
  undefined,
  '127.0.0.1:3002',
  '127.0.0.1',
  '[::1]:3002',
  'localhost:3002',
  'LOCALHOST',
  'admin.localhost:3002',
  '10.0.0.8',
];
const FOREIGN = [
  'evil.example',
  'evil.example:3002',
  'localhost.evil.example',
  '127.0.0.1.evil.example',
  'notlocalhost',
  'admin.example.com',
  '',
];

describe('the hosts of the administration API', () => {
  it.each(['127.0.0.1', '127.9.9.9', '::1'])('are addresses and localhost on %s', (adminHost) => {
    const allows = adminHosts({ adminHost, adminAllowedHosts: [] });
    expect(LOCAL.filter((host) => !allows(host))).toEqual([]);
    expect(FOREIGN.filter((host) => allows(host))).toEqual([]);
  });

  it('are the listed names too, with any port and case', () => {
    const allows = adminHosts({ adminHost: '127.0.0.1', adminAllowedHosts: ['admin.example.com'] });
    for (const host of ['admin.example.com', 'Admin.Example.com:443', 'admin.example.com.'])
      expect(allows(host)).toBe(true);
    expect(allows('www.admin.example.com')).toBe(false);
    expect(allows('127.0.0.1:3002')).toBe(true);
  });

  it('are all on another address, until some are listed', () => {
    const open = adminHosts({ adminHost: '0.0.0.0', adminAllowedHosts: [] });
    expect(FOREIGN.filter((host) => !open(host))).toEqual([]);
    const listed = adminHosts({ adminHost: '0.0.0.0', adminAllowedHosts: ['countersign'] });
    expect(FOREIGN.filter((host) => listed(host))).toEqual([]);
    expect(listed('countersign:3002')).toBe(true);
  });
});
