import { fastify } from 'fastify';
import type { Configuration } from '@countersign/runtime';
import { CallerAddresses, trustedProxy } from './caller-address';
import { addressKey } from './counted-address';

const PROXIES = ['127.0.0.1', '10.0.0.0/8', '2001:db8:1::/48'];
const CALLER = '203.0.113.1';

it.each<
  [name: string, trusted: string[], from: string, forwarded: string | undefined, caller: string | null]
>([
  ['nothing', PROXIES, '127.0.0.1', undefined, null],
  ['nothing to a stranger', PROXIES, CALLER, undefined, CALLER],
  ['an address', PROXIES, '127.0.0.1', CALLER, CALLER],
  ['an address behind a proxy', PROXIES, '127.0.0.1', `${CALLER}, 10.1.2.3`, CALLER],
  ['one that a client wrote', PROXIES, '127.0.0.1', `198.51.100.1, ${CALLER},10.1.2.3`, CALLER],
  ['proxies only', PROXIES, '127.0.0.1', '10.0.0.1, 10.0.0.2', null],
  ['an IPv6 address', PROXIES, '2001:db8:1::1', '2001:db8:2::1', '2001:db8:2:0::/64'],
  ['an IPv4 address within IPv6', PROXIES, '::ffff:127.0.0.1', `::ffff:${CALLER}`, CALLER],
  ['ports', PROXIES, '127.0.0.1', `${CALLER}:50001, 10.1.2.3:443`, CALLER],
  [
    'ports of IPv6',
    PROXIES,
    '2001:db8:1::1%eth0',
    '198.51.100.1, [2001:db8:2::1]:50001, [2001:db8:1::2]:443, [::ffff:10.1.2.3]:443',
    '2001:db8:2:0::/64',
  ],
  ['a port, by a proxy in IPv6', ['::ffff:10.0.0.0/104'], '10.0.0.1', `${CALLER}:50001`, CALLER],
  ['junk', PROXIES, '127.0.0.1', `${CALLER}, junk`, null],
  ['gaps', PROXIES, '127.0.0.1', ` , ${CALLER},, 10.0.0.1 ,`, CALLER],
  ['nothing but a gap', PROXIES, '127.0.0.1', ' ', null],
  ['an address to a stranger', PROXIES, '198.51.100.1', CALLER, '198.51.100.1'],
  ['an address to a proxy that is not trusted', [], '198.51.100.1', CALLER, '198.51.100.1'],
])(
  'a caller with %s forwarded has the address that Fastify gives it',
  async (_, trusted, from, forwarded, caller) => {
    const configuration = { trustedProxies: trusted } as unknown as Configuration;
    const addresses = new CallerAddresses(configuration);
    const service = fastify({ trustProxy: trustedProxy(configuration) });
    let keys: unknown;
    service.get('/', ({ ip, raw }) => {
      keys = [addresses.keyOf(raw), addressKey(ip)];
      return '';
    });
    await service.inject({
      url: '/',
      remoteAddress: from,
      headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
    });

    const key = caller === null ? null : ['address', caller];
    expect(keys).toEqual([key, key]);
  },
);
