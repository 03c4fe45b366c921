import { aRequest, sendRaw } from '../support/raw-http';
import { useTestApp } from '../support/use-test-app';

const MADE = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('X-Request-Id', () => {
  const app = useTestApp();

  it.each(['a', 'trace-1.2_3', '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11', 'A'.repeat(100)])(
    'is taken from the caller: %s',
    async (id) => {
      const answer = await app.http.get('/health/live').set('x-request-id', id);

      expect(answer.headers['x-request-id']).toBe(id);
    },
  );

  it.each([
    ['a list', 'a, b'],
    ['markup', '<script>'],
    ['a dash in front', '-a'],
    ['101 characters', 'a'.repeat(101)],
    ['emoji in UTF-8', '💥'],
    ['nothing', ''],
  ])('is made where the caller sends %s', async (_name, id) => {
    const { status, headers } = await sendRaw(app.port, aRequest('GET /health/live', `X-Request-Id: ${id}`));

    expect(status).toBe(200);
    expect(headers['x-request-id']).toMatch(MADE);
  });

  it('is made where the caller sends two, and none', async () => {
    const two = aRequest('GET /health/live', 'X-Request-Id: a', 'X-Request-Id: b');

    expect((await sendRaw(app.port, two)).headers['x-request-id']).toMatch(MADE);
    expect((await app.http.get('/health/live')).headers['x-request-id']).toMatch(MADE);
  });

  it('cannot smuggle a header into the answer', async () => {
    const { headers } = await sendRaw(
      app.port,
      aRequest('GET /health/live', 'X-Request-Id: a\rSet-Cookie: x=1', 'X-Other: \r'),
    );

    expect(headers['set-cookie']).toBeUndefined();
    expect(headers['x-request-id']).toMatch(MADE);
  });

  it('is in the log line of the request', async () => {
    await app.http.get('/nope').set('x-request-id', 'logged-7');

    const line = app.logLines.find((logged) => logged.includes('"requestId":"logged-7"'));
    expect(JSON.parse(line ?? '{}')).toMatchObject({
      route: 'unknown',
      status: 404,
      code: 'request.route_not_found',
    });
  });
});
