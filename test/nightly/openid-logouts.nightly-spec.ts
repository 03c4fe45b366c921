import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Database } from '@countersign/database';
import { Logouts } from '@countersign/openid';
import { SessionsService } from '@countersign/sessions';
import { aPerson, times } from '../factories';
import {
  acceptedBy,
  authorizing,
  Browser,
  createClient,
  ISSUER,
  openPage,
  relyingParty,
  tokensOf,
} from '../support/openid';
import { until } from '../support/until';
import { useFixture } from '../support/use-fixture';
import { useApplication, useTestApp } from '../support/use-test-app';
import { ALLOW_RECEIVERS } from '../support/webhooks';

const AT_A_TIME = 20;
const FIRST = '00000000-0000-0000-0000-000000000000';
const LAST = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

describe('the end of many sessions', () => {
  const app = useTestApp({ environment: { PUBLIC_URL: ISSUER, ...ALLOW_RECEIVERS } });
  const demo = useApplication(app);
  const receiver = useFixture(startReceiver, { close: ({ server }) => server.close() });

  it.each([100, 1_000])(
    'is heard of by the clients of %i browsers, and is measured',
    async (count) => {
      const url = `http://127.0.0.1:${(receiver.server.address() as AddressInfo).port}`;
      const clients = await Promise.all(
        times(10, () => createClient(app, demo, { logoutUrl: `${url}/logout` })),
      );
      const parties = await Promise.all(clients.map((client) => relyingParty(app, client)));
      for (let done = 0; done < count; done += AT_A_TIME)
        await Promise.all(
          parties.flatMap((party) =>
            times(AT_A_TIME / parties.length, async () => {
              const asked = await authorizing(party);
              const begun = await openPage(new Browser(app), asked.url);
              const returned = await acceptedBy(app, demo, aPerson(), begun);
              await tokensOf(party, asked, returned);
            }),
          ),
        );
      app.nest.get(Logouts).start();
      receiver.heardAt.length = 0;

      const since = performance.now();
      const range = { above: FIRST, upTo: LAST };
      await app.nest
        .get(Database)
        .transaction((tx) => app.nest.get(SessionsService).end(tx, { range }, 'revoked'));
      await until(() => receiver.heardAt.length >= count);

      const waited = receiver.heardAt.map((at) => at - since).toSorted((one, other) => one - other);
      const p99 = waited[Math.ceil(count * 0.99) - 1] ?? Infinity;
      // oxlint-disable-next-line no-console -- the measurement
      console.log(`${count} ends: p50 ${Math.round(waited[count >> 1] ?? 0)} ms, p99 ${Math.round(p99)} ms`);
      expect(receiver.heardAt).toHaveLength(count);
    },
    600_000,
  );
});

interface Receiver {
  readonly server: Server;
  /** When each logout arrived. */
  readonly heardAt: number[];
}

async function startReceiver(): Promise<Receiver> {
  const heardAt: number[] = [];
  const server = createServer((request, response) => {
    heardAt.push(performance.now());
    request.resume();
    response.writeHead(204).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, heardAt };
}
