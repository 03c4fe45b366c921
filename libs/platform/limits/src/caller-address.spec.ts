import { fastify } from 'fastify';
import type { Configuration } from '@countersign/config';
import { CallerAddresses } from './caller-address';
import { addressKey } from './refusal-limit';

const PROXIES = ['127.0.0.1', '10.0.0.0/8', '2001:db8:1::/48'];

it.each<[name: string, trusted: string[], from: string, forwarded: string | undefined]>([
  ['nothing', PROXIES, '127.0.0.1', undefined],
  ['nothing to a stranger', PROXIES, '203.0.113.1', undefined],
  ['an address', PROXIES, '127.0.0.1', '203.0.113.1'],
  ['an address behind a proxy', PROXIES, '127.0.0.1', '203.0.113.1, 10.1.2.3'],
  ['one that a client wrote', PROXIES, '127.0.0.1', '198.51.100.1, 203.0.113.1,10.1.2.3'],
  ['proxies only', PROXIES, '127.0.0.1', '10.0.0.1, 10.0.0.2'],
  ['an IPv6 address', PROXIES, '2001:db8:1::1', '2001:db8:2::1'],
  ['an IPv4 address within IPv6', PROXIES, '::ffff:127.0.0.1', '::ffff:203.0.113.1'],
  ['junk', PROXIES, '127.0.0.1', '203.0.113.1, junk'],
  ['gaps', PROXIES, '127.0.0.1', ' , 203.0.113.1,, 10.0.0.1 ,'],
  ['nothing but a gap', PROXIES, '127.0.0.1', ' '],
  ['an address to a stranger', PROXIES, '198.51.100.1', '203.0.113.1'],
  ['an address to a proxy that is not trusted', [], '198.51.100.1', '203.0.113.1'],
])(
  'a caller with %s forwarded has the address that Fastify gives it',
  async (_, trusted, from, forwarded) => {
    const addresses = new CallerAddresses({ trustedProxies: trusted } as unknown as Configuration);
    const service = fastify({ trustProxy: trusted.length > 0 ? trusted : false });
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

    const [key, ofFastify] = keys as [unknown, unknown];
    expect(key).toEqual(ofFastify);
  },
);
