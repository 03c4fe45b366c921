import { Agent } from 'node:http';
import { ClientSecrets } from '@countersign/applications';
import type { Operation } from '../../apps/api/src/openapi/operations';
import { aBoard } from '../support/boards';
import { drawForRun, drawOperations } from '../support/draw';
import { environmentOf, useCustody } from '../support/embedded-wallets';
import { HostileRequests, sendHostile, type RightValues } from '../support/hostile-requests';
import { committedDocument, namedOperations } from '../support/inlined-document';
import { credentialsOf, MetaproClient } from '../support/metapro-client';
import { basicOf } from '../support/oauth';
import { useFixture } from '../support/use-fixture';
import { useApplication, useTestApp } from '../support/use-test-app';
import { SITE } from '../support/wallets';
import { aXellarApplication, XellarClient } from '../support/xellar-client';

/** What is right in the requests of a caller, and the headers with credentials. */
interface Caller {
  readonly right: RightValues;
  readonly headers: Readonly<Record<string, string>>;
}

const PLENTY = { limit: 10_000_000, window: 600 };
const RATE_LIMITS = { signIn: PLENTY, calls: PLENTY };
/** What a client can read of how the service is built. */
const LEAKS = /node_modules|\/libs\/|\.ts:|SELECT |INSERT |postgres|TypeError|\[object/i;
const WALLET = `0x${'ab'.repeat(20)}`;
const ACTS = ['sign-message', 'sign-typed-data', 'sign-transaction', 'send'];

const custody = useCustody();
const app = useTestApp(() => environmentOf(custody));
const project = useApplication(app, {
  origins: [SITE],
  settings: { metapro: { enabled: true }, wallets: { createsAccounts: true }, rateLimits: RATE_LIMITS },
});
const xellar = useFixture(() => aXellarApplication(app, { embeddedWallets: { acts: ACTS } }));
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

let board: string;

beforeAll(async () => {
  board = await aBoard(app, project, { isUnverified: true });
});
afterAll(() => agent.destroy());

const isTakenBy = ({ security = [] }: Operation, scheme: string): boolean =>
  security.some((one) => scheme in one);

async function ofMetapro(operation: Operation): Promise<Caller> {
  const { accessToken = '', userId = '' } = credentialsOf(await new MetaproClient(app).logIn(project));
  const { applicationId } = project;
  const { clientSecret } = await app.nest.get(ClientSecrets).add(applicationId, 'of the test');
  const authorization = isTakenBy(operation, 'clientSecret')
    ? basicOf({ applicationId, clientSecret })
    : accessToken;
  return {
    right: {
      ...{ 'x-account-userid': userId, userId, projectId: applicationId },
      ...{ 'x-account-wallet': WALLET, wallet: WALLET, id: board, leaderboardId: board },
    },
    headers: { authorization, 'x-account-userid': userId },
  };
}

async function ofXellar(operation: Operation): Promise<Caller> {
  const client = new XellarClient(app, xellar);
  const { accessToken = '' } = await client.loggedIn();
  const { walletToken, refreshToken } = await client.withWallet();
  const token = isTakenBy(operation, 'accessToken') ? accessToken : walletToken;
  return {
    right: { refreshToken, botUsername: 'test_bot' },
    headers: { ...client.byServer, authorization: `Bearer ${token}` },
  };
}

describe.each([
  ['metapro', ofMetapro],
  ['xellar', ofXellar],
] as const)('what the document of %s lets a client send', (name, aCaller) => {
  const document = committedDocument(name);

  it.each(drawOperations(namedOperations(document)))(
    '%s is answered below 500, and says nothing of the service',
    async (title, operation) => {
      const [method = '', path = ''] = title.split(' ');
      let caller = await aCaller(operation);
      const hostile = new HostileRequests(document, path, operation, new Set(Object.keys(caller.right)));
      const failed: object[] = [];
      const all = [...hostile.ofHeaders(), ...hostile.ofUrls(), ...hostile.ofBodies()];
      for (const one of [...drawForRun(all, title), { ...hostile.plain(), name: 'nothing is wrong' }]) {
        const send = () => sendHostile({ agent, port: app.port }, method, one, caller.right, caller.headers);
        let { status, answered } = await send();
        // A wallet token is good once.
        if (status === 401 && !('authorization' in one.headers)) {
          caller = await aCaller(operation);
          ({ status, answered } = await send());
        }
        const leak = status < 400 ? null : (LEAKS.exec(answered)?.[0] ?? null);
        if (status < 200 || status >= 500 || leak !== null)
          failed.push({ name: one.name, status, answered: answered.slice(0, 200) });
      }
      expect(failed).toEqual([]);
    },
  );
});
