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
  it('are addresses and localhost', () => {
    const allows = adminHosts({ adminAllowedHosts: [] });
    expect(LOCAL.filter((host) => !allows(host))).toEqual([]);
    expect(FOREIGN.filter((host) => allows(host))).toEqual([]);
  });

  it('are the listed names too, with any port and case', () => {
    const allows = adminHosts({ adminAllowedHosts: ['admin.example.com'] });
    for (const host of ['admin.example.com', 'Admin.Example.com:443', 'admin.example.com.'])
      expect(allows(host)).toBe(true);
    expect(allows('www.admin.example.com')).toBe(false);
    expect(allows('127.0.0.1:3002')).toBe(true);
  });
});
