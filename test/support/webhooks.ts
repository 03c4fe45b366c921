import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { KeyRing, seal } from '@countersign/crypto';
import { Database } from '@countersign/database';
import { Outbox } from '@countersign/audit';
import { generateSigningSecret } from '@countersign/webhook-sender';
import { DeliveryWorker } from '@countersign/webhooks';
import type { TestApp } from './test-app';
import { useFixture } from './use-fixture';
import { sessionEvents } from '@countersign/sessions';

/** For applications that deliver to `WebhookReceiver`. */
export const ALLOW_RECEIVERS = { WEBHOOK_ALLOWED_TARGETS: '127.0.0.1' } as const;

export interface ReceivedWebhook {
  readonly id: string;
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly sequence: number;
  readonly data: Record<string, string>;
}

type Answer = (response: ServerResponse, request: IncomingMessage, received: ReceivedWebhook) => void;

/** An HTTP server that counts the webhooks that it gets. */
export class WebhookReceiver {
  readonly received: ReceivedWebhook[] = [];
  answer: Answer = (response) => response.writeHead(204).end();
  private readonly sockets = new Set<Socket>();
  private readonly server = createServer((request, response) => void this.receive(request, response));

  static async start(): Promise<WebhookReceiver> {
    const receiver = new WebhookReceiver();
    receiver.server.on('connection', (socket: Socket) => {
      receiver.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => receiver.sockets.delete(socket));
    });
    receiver.server.listen(0, '127.0.0.1');
    await once(receiver.server, 'listening');
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/hook`;
  }

  /** The ids in the order of their first arrival. */
  get ids(): readonly string[] {
    return [...new Set(this.received.map(({ id }) => id))];
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += String(chunk);
    const headers = request.headers as Record<string, string>;
    const { sequence, data } = JSON.parse(body) as Pick<ReceivedWebhook, 'sequence' | 'data'>;
    const received = { id: headers['webhook-id'] ?? '', headers, body, sequence, data };
    this.received.push(received);
    this.answer(response, request, received);
  }
}

export function useReceiver(): WebhookReceiver {
  return useFixture(() => WebhookReceiver.start(), { per: 'test', close: (receiver) => receiver.stop() });
}

export interface Endpoint {
  readonly id: string;
  readonly secret: string;
}

/** An active endpoint with one secret. */
export async function addEndpoint(
  app: TestApp,
  url: string,
  {
    types = ['session.opened'],
    applicationIds = null,
  }: { readonly types?: readonly string[]; readonly applicationIds?: readonly string[] | null } = {},
): Promise<Endpoint> {
  const id = randomUUID();
  await app.database.query(
    `INSERT INTO webhook_endpoints (id, name, url, types, application_ids, status, created_at, updated_at)
     VALUES ($1, 'test', $2, $3, $4, 'active', now(), now())`,
    [id, url, types, applicationIds],
  );
  const secret = await addSecret(app, id);
  await app.catchUp();
  return { id, secret };
}

export async function addSecret(app: TestApp, endpointId: string): Promise<string> {
  const [id, secret] = [randomUUID(), generateSigningSecret()];
  const place = { table: 'webhook_secrets', column: 'secret', row: id };
  await app.database.query(
    `INSERT INTO webhook_secrets (id, endpoint_id, secret, created_at) VALUES ($1, $2, $3, now())`,
    [id, endpointId, seal(app.nest.get(KeyRing), place, secret)],
  );
  return secret;
}

/** Events of a person, in one transaction each unless together. */
export async function emit(
  app: TestApp,
  userIds: readonly string[],
  { together = false, applicationIds = [] as readonly string[] } = {},
): Promise<void> {
  const outbox = app.nest.get(Outbox);
  const eventsOf = (userId: string) => ({
    data: {
      userId,
      sessionId: randomUUID(),
      applicationId: randomUUID(),
      identityId: randomUUID(),
      assurance: 'platform',
      door: 'telegram_init_data',
    },
    applicationIds,
  });
  const groups = together ? [userIds] : userIds.map((userId) => [userId]);
  for (const group of groups)
    await app.nest
      .get(Database)
      .transaction((tx) => outbox.add(tx, sessionEvents.opened, group.map(eventsOf)));
}

export function startDeliveries(app: TestApp): void {
  app.nest.get(DeliveryWorker).start();
}

export interface StoredDelivery {
  readonly state: string;
  readonly attempts: number;
  readonly subject: string;
  readonly event_id: string;
  readonly due_at: Date;
}

export function deliveriesOf(app: TestApp, endpointId: string): Promise<StoredDelivery[]> {
  return app.database.query<StoredDelivery>(
    'SELECT * FROM webhook_deliveries WHERE endpoint_id = $1 ORDER BY sequence',
    [endpointId],
  );
}

/** Deliveries by the outcome of their last attempt. */
export async function outcomesOf(app: TestApp, endpointId: string): Promise<Record<string, number>> {
  const found = await app.database.query<{ outcome: string; count: number }>(
    `SELECT last_outcome AS outcome, count(*)::int AS count FROM webhook_deliveries
     WHERE endpoint_id = $1 AND last_outcome IS NOT NULL GROUP BY 1`,
    [endpointId],
  );
  return Object.fromEntries(found.map(({ outcome, count }) => [outcome, count]));
}

export interface StoredEndpoint {
  readonly status: string;
  readonly disabled_reason: string | null;
}

export async function endpointRow(app: TestApp, endpointId: string): Promise<StoredEndpoint> {
  const [row] = await app.database.query<StoredEndpoint>('SELECT * FROM webhook_endpoints WHERE id = $1', [
    endpointId,
  ]);
  if (!row) throw new Error('there is no such endpoint');
  return row;
}
