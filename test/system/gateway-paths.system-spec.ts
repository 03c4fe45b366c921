import { useFixture } from '../support/use-fixture';
import { API, bearer, useNginx } from './support/behind-nginx';
import { rulingOfEnvoy, rulingOfTraefik, type Ruling } from './support/gateway-files';
import { gatewayPaths, readingsOf } from './support/gateway-paths';

/** A refusal leads to no service, and neither does a path that is nobody's. */
function allowed(rule: Ruling, how: 'plain' | 'ambiguous'): readonly Ruling[] {
  return how === 'ambiguous' ? [rule, 'refused', 'nowhere'] : [rule];
}

describe('one table of paths, at the gateways of the example files', () => {
  const gateway = useNginx();
  const reader = useFixture(() => gateway.signIn('window'));

  /** By what nobody and somebody without the scope for refunds are answered. */
  async function rulingOfNginx(path: string): Promise<Ruling> {
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
    if (!ruling) throw new Error(`nginx answered ${statuses.join()} to ${path}`);
    return ruling;
  }

  it.each(gatewayPaths)('nginx, as it runs, lets %s through as one of %s alone', async (path, rule, how) => {
    gateway.service.received.length = 0;

    expect(allowed(rule, how)).toContain(await rulingOfNginx(path));
    if (rule === 'refunds') expect(gateway.service.received).toEqual([]);
  });

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
