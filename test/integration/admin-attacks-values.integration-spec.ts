import { randomUUID } from 'node:crypto';
import { Agent } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PrincipalsService } from '@countersign/admin';
import { WebhookDeliveries, WebhookEndpoints } from '@countersign/webhooks';
import { drawForRun, drawOperations } from '../support/draw';
import {
  HostileRequests,
  sendHostile,
  type PlainRequest,
  type RightValues,
} from '../support/hostile-requests';
import { committedDocument, namedOperations } from '../support/inlined-document';
import { anOperator, type Operator } from '../support/operator';
import { useTestApp } from '../support/use-test-app';

interface Answer {
  readonly status: number;
  readonly code?: string;
}

const document = committedDocument('admin');
const operations = namedOperations(document).filter(([name]) => name.includes(' /v1/admin/'));

const URL = 'https://hooks.example.com/';

/** What the router answers before it knows the operation, and a body that no operation asks for. */
const OF_NO_OPERATION = [
  ...['request.method_not_allowed', 'request.route_not_found', 'request.unsupported_media_type'],
  ...['request.malformed', 'request.malformed_url', 'request.too_large'],
  'request.host_not_allowed',
];

describe('what the document of the administration API lets a caller send', () => {
  const app = useTestApp();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let operator: Operator;
  let right: RightValues;

  beforeAll(async () => {
    operator = await anOperator(app);
    const demo = await app.createApplication();
    const { userId, sessionId } = await app.signIn(demo);
    const [identity] = await app.database.query<{ id: string }>('SELECT id FROM identities');
    const [bot] = await app.database.query<{ id: string }>('SELECT id FROM bots');
    const wanted = { name: randomUUID(), scopes: [] } as const;
    const { principal } = await app.nest.get(PrincipalsService).create(wanted, null);
    right = {
      ...{ userId, sessionId, applicationId: demo.applicationId, identityId: identity?.id ?? '' },
      ...{ id: bot?.id ?? '', principalId: principal.id },
    };
  });

  /** A new one for each operation: one of them removes it. */
  async function aWebhook(): Promise<RightValues> {
    const webhooks = app.nest.get(WebhookEndpoints);
    const { endpoint, secret } = await webhooks.create({ name: 'crm', url: URL, types: ['*'] });
    const { eventId } = await app.nest.get(WebhookDeliveries).test(endpoint.id);
    return { endpointId: endpoint.id, secretId: secret.secretId, eventId };
  }

  afterAll(() => {
    agent.destroy();
  });

  async function send(method: string, one: PlainRequest): Promise<Answer> {
    const { port } = app.adminServer.address() as AddressInfo;
    const authorization = `Bearer ${operator.accessToken}`;
    const { status, answered } = await sendHostile({ agent, port }, method, one, right, { authorization });
    return { status, ...(status >= 400 && answered !== '' ? (JSON.parse(answered) as object) : {}) };
  }

  it.each(drawOperations(operations))(
    '%s is answered below 500, with codes that are documented',
    async (title, operation) => {
      const [method = '', path = ''] = title.split(' ');
      if (path.startsWith('/v1/admin/webhooks/')) right = { ...right, ...(await aWebhook()) };
      const hostile = new HostileRequests(document, path, operation, new Set(Object.keys(right)));
      const codes = [...(operation['x-error-codes'] ?? []), ...OF_NO_OPERATION];
      const failed: object[] = [];
      const all = [...hostile.ofHeaders(), ...hostile.ofUrls(), ...hostile.ofBodies()];
      for (const one of [...drawForRun(all, title), { ...hostile.plain(), name: 'nothing is wrong' }]) {
        const { status, code } = await send(method, one);
        if (status < 200 || status >= 500 || (code !== undefined && !codes.includes(code)))
          failed.push({ name: one.name, status, code });
      }
      expect(failed).toEqual([]);
    },
  );
});
