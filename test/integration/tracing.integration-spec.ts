import {
  createServer,
  request as sendRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { once } from 'node:events';
import { startTracing } from '@countersign/observability';
import { aPerson } from '../factories';
import { findCanaries, formsOf } from '../support/search-bytes';
import { aConfidentialApplication, basicOf, INTROSPECT } from '../support/oauth';
import { TestApp } from '../support/test-app';
import { until } from '../support/until';
import { useFixture } from '../support/use-fixture';
import { useApplication } from '../support/use-test-app';

const CALLER = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' };
const traceparent = (flags: string) => `00-${CALLER.traceId}-${CALLER.spanId}-${flags}`;
const SERVER = 2;
const ERROR = 2;

/** The variables that the SDK reads by itself. */
function useEnvironment(variables: Record<string, string>): void {
  for (const name of Object.keys(process.env))
    if (name.startsWith('OTEL_')) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, variables);
}

async function startTracedApp(endpoint: string, variables: Record<string, string> = {}): Promise<TestApp> {
  useEnvironment({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_BSP_SCHEDULE_DELAY: '50', ...variables });
  return TestApp.start({ tracing: await startTracing(process.env) });
}

afterAll(() => {
  useEnvironment({});
});

describe('traces', () => {
  const collector = useFixture(() => TraceCollector.start(), { close: (made) => made.close() });
  const app = useFixture(
    () => startTracedApp(collector.url, { OTEL_EXPORTER_OTLP_HEADERS: 'x-collector-key=collector-secret' }),
    { close: (traced) => traced.close() },
  );
  const demo = useApplication(app);

  const arrived = async (isWanted: (span: ReceivedSpan) => boolean): Promise<ReceivedSpan> => {
    await until(() => collector.spans.some(isWanted));
    return collector.spans.find(isWanted) as ReceivedSpan;
  };

  beforeEach(() => {
    collector.bodies.length = 0;
  });

  it('have a span for each request, which goes on that of the caller', async () => {
    const { accessToken } = await app.signIn(demo);
    await app.getMe(accessToken).set('traceparent', traceparent('01'));

    const span = await arrived(({ name }) => name === 'GET /v1/me');

    expect(span).toMatchObject({ traceId: CALLER.traceId, parentSpanId: CALLER.spanId, kind: SERVER });
    expect(span.attributes).toEqual({
      'http.request.method': 'GET',
      'http.route': '/v1/me',
      'http.response.status_code': 200,
    });
    expect(span.resource).toMatchObject({ 'service.name': 'countersign' });
    expect(collector.headers.at(-1)).toMatchObject({ 'x-collector-key': 'collector-secret' });
  });

  it.each<[string, (body: object) => Promise<unknown>]>([
    ['with its headers', (body) => app.postSignIn(body)],
    ['later', (body) => postInTwoParts(app, '/v1/auth/telegram/init-data', body)],
  ])('have the work of the database within, where the body came %s', async (_name, post) => {
    await post({ applicationId: demo.applicationId, initData: app.initDataOf(demo) });

    const request = await arrived(({ name }) => name === 'POST /v1/auth/telegram/init-data');
    const within = ({ traceId, parentSpanId }: ReceivedSpan) =>
      traceId === request.traceId && parentSpanId !== undefined;
    await arrived((span) => within(span) && span.name === 'db.transaction');

    expect(request.attributes).toMatchObject({ 'http.response.status_code': 200 });
    expect(request.parentSpanId).toBeUndefined();
    const spanIds = collector.spans.map(({ spanId }) => spanId);
    for (const { parentSpanId } of collector.spans.filter(within)) expect(spanIds).toContain(parentSpanId);
  });

  it('keep requests at the same time apart', async () => {
    const sessions = await Promise.all([app.signIn(demo), app.signIn(demo), app.signIn(demo)]);
    expect(new Set(sessions.map(({ userId }) => userId)).size).toBe(3);

    const isRequest = ({ name }: ReceivedSpan) => name === 'POST /v1/auth/telegram/init-data';
    await until(() => collector.spans.filter(isRequest).length === 3);

    for (const { spanId, traceId } of collector.spans.filter(isRequest)) {
      const children = collector.spans.filter((span) => span.parentSpanId === spanId);
      expect(children.map(({ name }) => name)).toContain('db.transaction');
      expect(new Set(children.map((child) => child.traceId))).toEqual(new Set([traceId]));
    }
  });

  it('tell of a refusal by its code, and that it is no failure of the service', async () => {
    await app.getMe('junk');

    const span = await arrived(({ name }) => name === 'GET /v1/me');

    expect(span.attributes).toMatchObject({
      'http.response.status_code': 401,
      'error.type': 'session.token_invalid',
    });
    expect(span.status).not.toBe(ERROR);
  });

  it('tell of a defect as a failure of the service', async () => {
    const [{ userId, accessToken }, other] = [await app.signIn(demo), await app.signIn(demo)];
    await app.database.query(
      `UPDATE identities SET first_name = (SELECT first_name FROM identities WHERE user_id = $2) WHERE user_id = $1`,
      [userId, other.userId],
    );
    await app.getMe(accessToken);

    const span = await arrived(({ name }) => name === 'GET /v1/me');

    expect(span.attributes).toMatchObject({
      'http.response.status_code': 500,
      'error.type': 'service.data_unreadable',
    });
    expect(span.status).toBe(ERROR);
  });

  it('have introspection as a route, though the framework does not see it', async () => {
    const { authorization, token } = {
      authorization: basicOf(await aConfidentialApplication(app)),
      token: 'a',
    };
    const ask = (form: object) =>
      app.http
        .post(INTROSPECT)
        .type('form')
        .set({ authorization, traceparent: traceparent('01') })
        .send(form);
    await ask({ token });
    await ask({});
    await until(() => collector.spans.filter(({ name }) => name === `POST ${INTROSPECT}`).length === 2);

    const [good, bad] = collector.spans.filter(({ name }) => name === `POST ${INTROSPECT}`);
    expect(good).toMatchObject({ traceId: CALLER.traceId, parentSpanId: CALLER.spanId, kind: SERVER });
    expect(good?.attributes).toEqual({
      'http.request.method': 'POST',
      'http.route': INTROSPECT,
      'http.response.status_code': 200,
    });
    expect(bad?.attributes).toMatchObject({
      'http.response.status_code': 400,
      'error.type': 'request.invalid',
    });
    expect(collector.spans).toContainEqual(
      expect.objectContaining({ name: 'db.read', parentSpanId: good?.spanId }),
    );
  });

  it('name what has no route by its method alone', async () => {
    await app.http.get('/canary-path');

    const span = await arrived(({ attributes }) => attributes['http.response.status_code'] === 404);

    expect(span.name).toBe('GET');
    expect(span.attributes).not.toHaveProperty('http.route');
  });

  it.each([['no-trace'], [`00-${'0'.repeat(32)}-${'0'.repeat(16)}-01`], [traceparent('01').toUpperCase()]])(
    'begin anew where the caller sends %s',
    async (header) => {
      await app.http.get('/health/live').set('traceparent', header);

      const span = await arrived(({ name }) => name === 'GET /health/live');

      expect(span.parentSpanId).toBeUndefined();
      expect(span.traceId).not.toBe(CALLER.traceId);
    },
  );

  it('are left out where the caller does not record its own', async () => {
    await app.http.get('/health/ready').set('traceparent', traceparent('00'));
    await app.http.get('/health/live');
    await arrived(({ name }) => name === 'GET /health/live');

    expect(collector.spans.map(({ name }) => name)).toEqual(['GET /health/live']);
  });

  it('tell nothing of a person or a client', async () => {
    const person = aPerson({
      id: 7_316_204_958_137,
      first_name: 'Canary-Name',
      username: 'canary_user_8461',
    });
    const initData = app.initDataOf(demo, person);
    const { userId, accessToken, refreshToken } = await app.signIn(demo, person, {
      deviceName: 'canary-device',
    });
    await app.postSignIn({ ...demo, initData: initData.replace('Canary', 'Cunary') });
    await app.getMe(accessToken).set({
      'x-forwarded-for': '203.0.113.77',
      'x-request-id': 'canary-request',
      'user-agent': 'canary-agent',
      traceparent: traceparent('01'),
      tracestate: 'vendor=canary-state',
      baggage: 'user=canary-baggage',
    });
    await app.refresh(refreshToken, { initData });
    await app.http.get(`/canary-path?access_token=${accessToken}`);
    await arrived(
      ({ name, attributes }) => name === 'GET' && attributes['http.response.status_code'] === 404,
    );
    const values = {
      ...{ userId, accessToken, refreshToken, initData, botToken: demo.botToken, id: String(person.id) },
      ...{ applicationId: demo.applicationId, hash: /hash=([0-9a-f]{64})/.exec(initData)?.[1] ?? '' },
    };
    const canaries = new Map(Object.entries(values).map(([name, value]) => [name, formsOf(value)]));

    const bytes = Buffer.concat(collector.bodies);

    expect(findCanaries(bytes, canaries)).toEqual([]);
    expect(bytes.toString('utf8')).not.toMatch(/canary|203\.0\.113|SELECT|127\.0\.0\.1/i);
  });
});

describe('the variables of OpenTelemetry', () => {
  it('name the service and choose what is recorded', async () => {
    const collector = await TraceCollector.start();
    const app = await startTracedApp(collector.url, {
      OTEL_SERVICE_NAME: 'identity',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
      OTEL_TRACES_SAMPLER: 'parentbased_always_off',
    });
    try {
      await app.http.get('/health/live');
      await app.http.get('/health/live').set('traceparent', traceparent('01'));
    } finally {
      await app.close();
    }

    // What was not sent yet is sent when the service stops.
    expect(collector.spans).toHaveLength(1);
    expect(collector.spans[0]).toMatchObject({
      traceId: CALLER.traceId,
      resource: { 'service.name': 'identity', 'deployment.environment.name': 'test' },
    });
    await collector.close();
  });
});

describe('without a collector that answers', () => {
  it('the service serves, and stops', async () => {
    const collector = await TraceCollector.start();
    const { url } = collector;
    await collector.close();
    const app = await startTracedApp(url, { OTEL_EXPORTER_OTLP_TIMEOUT: '200' });
    try {
      const { accessToken } = await app.signIn(await app.createApplication());

      expect((await app.getMe(accessToken)).status).toBe(200);
    } finally {
      await app.close();
    }
  });
});

/** The body follows when the service waits for it: another request that came later has been answered. */
async function postInTwoParts(app: TestApp, path: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json', expect: '100-continue' };
  const sent = sendRequest({ port: app.port, host: '127.0.0.1', method: 'POST', path, headers });
  const answered = once(sent, 'response') as Promise<[IncomingMessage]>;
  sent.flushHeaders();
  await once(sent, 'continue');
  await app.http.get('/health/live');
  sent.end(JSON.stringify(body));
  const [answer] = await answered;
  await buffer(answer);
}

interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly name: string;
  readonly kind: number;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** 2 is an error. */
  readonly status: number | undefined;
  /** Attributes of the resource. */
  readonly resource: Readonly<Record<string, unknown>>;
}

interface KeyValue {
  readonly key: string;
  readonly value: { readonly stringValue?: string; readonly intValue?: number | string };
}

interface ExportRequest {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly KeyValue[] };
    readonly scopeSpans: readonly { readonly spans: readonly RawSpan[] }[];
  }[];
}

interface RawSpan extends Omit<ReceivedSpan, 'attributes' | 'status' | 'resource'> {
  readonly attributes: readonly KeyValue[];
  readonly status: { readonly code?: number };
}

/** A collector that speaks OTLP over HTTP with JSON, and keeps what it gets. */
class TraceCollector {
  readonly bodies: Buffer[] = [];
  readonly headers: IncomingHttpHeaders[] = [];

  private constructor(private readonly server: Server) {}

  static async start(): Promise<TraceCollector> {
    const server = createServer();
    const collector = new TraceCollector(server);
    server.on('request', (request, response) => {
      void buffer(request).then((body) => {
        const isRight = request.method === 'POST' && request.url === '/v1/traces';
        if (isRight) collector.bodies.push(body);
        collector.headers.push(request.headers);
        response.writeHead(isRight ? 200 : 404, { 'content-type': 'application/json' }).end('{}');
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return collector;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get spans(): readonly ReceivedSpan[] {
    return this.bodies.flatMap((body) => {
      const { resourceSpans } = JSON.parse(body.toString('utf8')) as ExportRequest;
      return resourceSpans.flatMap(({ resource, scopeSpans }) =>
        scopeSpans.flatMap(({ spans }) =>
          spans.map((span) => toReceived(span, toRecord(resource.attributes))),
        ),
      );
    });
  }

  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }
}

function toReceived(span: RawSpan, resource: Readonly<Record<string, unknown>>): ReceivedSpan {
  const { traceId, spanId, name, kind } = span;
  const parentSpanId = span.parentSpanId === '' ? undefined : span.parentSpanId;
  const attributes = toRecord(span.attributes);
  return { traceId, spanId, parentSpanId, name, kind, attributes, status: span.status.code, resource };
}

function toRecord(pairs: readonly KeyValue[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    pairs.map(({ key, value }) => [
      key,
      value.stringValue ?? (value.intValue === undefined ? value : Number(value.intValue)),
    ]),
  );
}
