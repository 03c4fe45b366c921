import { useFixture } from '../support/use-fixture';
import { API, bearer, gatewayNames, useGateway } from './support/behind-gateway';
import { rulingOfEnvoy, rulingOfTraefik, type Ruling } from './support/gateway-files';
import { gatewayPaths, readingsOf } from './support/gateway-paths';

/** A refusal leads to no service, and neither does a path that is nobody's. */
function allowed(rule: Ruling, how: 'plain' | 'ambiguous'): readonly Ruling[] {
  return how === 'ambiguous' ? [rule, 'refused', 'nowhere'] : [rule];
}

describe.each(gatewayNames)('one table of paths, at %s', (name) => {
  const gateway = useGateway(name);
  const reader = useFixture(() => gateway.signIn('window'));

  /** By what nobody and somebody without the scope for refunds are answered. */
  async function rulingAt(path: string): Promise<Ruling> {
    const statuses = [];
    for (const headers of [[], [`Authorization: ${bearer(reader).authorization}`]])
      statuses.push((await gateway.sendRaw(`GET ${path}`, headers, API)).status);
    const rulings: Readonly<Record<string, Ruling>> = {
      '400,400': 'refused',
      '401,403': 'refunds',
      '401,200': 'orders',
      '200,200': 'catalogue',
      '404,404': 'nowhere',
      '301,301': 'nowhere',
    };
    const ruling = rulings[statuses.join()];
    if (!ruling) throw new Error(`${name} answered ${statuses.join()} to ${path}`);
    return ruling;
  }

  it.each(gatewayPaths)('lets %s through as one of %s alone', async (path, rule, how) => {
    gateway.service.received.length = 0;

    expect(allowed(rule, how)).toContain(await rulingAt(path));
    if (rule === 'refunds') expect(gateway.service.received).toEqual([]);
  });
});

describe('one table of paths', () => {
  describe.each([
    ['Traefik', rulingOfTraefik],
    ['Envoy', rulingOfEnvoy],
  ])('the file for %s, which is read only', (_gateway, rulingOf) => {
    it.each(gatewayPaths)(
      'lets %s through as one of %s alone, however it is normalized',
      (path, rule, how) => {
        const rulings = readingsOf(path).map((reading) => [reading, rulingOf(reading)] as const);

        expect(rulings.filter(([, ruling]) => !allowed(rule, how).includes(ruling))).toEqual([]);
      },
    );
  });
});
