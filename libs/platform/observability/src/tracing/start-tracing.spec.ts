import { noTracing, startTracing } from '../index';

const ENDPOINT = 'OTEL_EXPORTER_OTLP_ENDPOINT';
const loaded: string[] = [];

// Says when it is loaded, and is the real one all the same.
jest.mock('@opentelemetry/sdk-trace-node', () => real('@opentelemetry/sdk-trace-node'));
jest.mock('@opentelemetry/exporter-trace-otlp-http', () => real('@opentelemetry/exporter-trace-otlp-http'));
jest.mock('@opentelemetry/resources', () => real('@opentelemetry/resources'));

function real(name: string): unknown {
  loaded.push(name);
  return jest.requireActual(name);
}

it.each([
  ['no endpoint', {}],
  ['an empty one', { [ENDPOINT]: '' }],
  ['the SDK turned off', { [ENDPOINT]: 'http://127.0.0.1:4318', OTEL_SDK_DISABLED: 'true' }],
])('with %s, neither SDK nor exporter is loaded', async (_name, environment) => {
  expect(await startTracing(environment)).toBe(noTracing);
  expect(loaded).toEqual([]);
});

it.each(['collector:4318', 'ftp://collector', 'http://', 'nonsense'])(
  'refuses %s as an endpoint, without quoting it',
  async (endpoint) => {
    await expect(startTracing({ [ENDPOINT]: endpoint })).rejects.toThrow(
      'OTEL_EXPORTER_OTLP_ENDPOINT must be an http:// or https:// URL.',
    );
  },
);

it('with an endpoint, all of them are', async () => {
  const tracing = await startTracing({ [ENDPOINT]: 'http://127.0.0.1:4318' });

  expect(tracing.isOn).toBe(true);
  expect(loaded.sort()).toEqual([
    '@opentelemetry/exporter-trace-otlp-http',
    '@opentelemetry/resources',
    '@opentelemetry/sdk-trace-node',
  ]);
});

it('without tracing, work in a span is just that work', async () => {
  expect(await noTracing.span('db.read', async () => 7)).toBe(7);
  const failing = noTracing.span('db.read', () => Promise.reject(new Error('it failed')));
  await expect(failing).rejects.toThrow('it failed');
});
