import { until } from '../support/until';
import { useFixture } from '../support/use-fixture';
import { API, bearer, ID, gatewayNames, useGateway } from '../system/support/behind-gateway';

describe.each(gatewayNames)('%s while the check', (name) => {
  const gateway = useGateway(name);
  const session = useFixture(() => gateway.signIn());

  beforeEach(async () => {
    expect((await gateway.at(API).get('/orders/1', bearer(session))).status).toBe(200);
    gateway.service.received.length = 0;
  });

  /** Whatever is shown, nobody gets through, and everybody is told to come back. */
  async function expectNobodyGetsThrough(): Promise<void> {
    for (const headers of [bearer(session), {}, { 'x-user-id': session.userId }]) {
      const answer = await gateway.at(API).get('/orders/1', headers);

      expect(answer.status).toBe(503);
      expect(answer.headers['content-type']).toBe('application/problem+json');
      expect(answer.headers['retry-after']).toMatch(/^[1-9][0-9]*$/);
      expect(answer.body).toMatchObject({ status: 503 });
    }
    expect(gateway.service.received).toEqual([]);
  }

  async function expectRecovery(): Promise<void> {
    await until(async () => (await gateway.at(API).get('/orders/1', bearer(session))).status === 200);
    expect(gateway.service.last.valuesOf('X-User-Id')).toEqual([session.userId]);
  }

  it('is slow: 503, and it recovers by itself', async () => {
    gateway.network.blackHole();
    await expectNobodyGetsThrough();

    await gateway.network.restore();
    await expectRecovery();
  });

  it('is away: 503, and it recovers by itself', async () => {
    await gateway.network.cut();
    await expectNobodyGetsThrough();

    await gateway.network.restore();
    await expectRecovery();
  });

  it('restarts: 503, also for sign-in, and it recovers by itself', async () => {
    await gateway.stopApi();
    await expectNobodyGetsThrough();
    const signIn = await gateway.at(ID).post('/v1/auth/telegram/init-data').send({});
    expect(signIn.status).toBe(503);
    expect(signIn.headers['retry-after']).toBe('2');

    await gateway.startApi();
    await expectRecovery();
  });

  it('is away: what needs no check is served, without an identity', async () => {
    await gateway.network.cut();
    const answer = await gateway
      .at(API)
      .get('/orders/catalogue/1', { ...bearer(session), 'x-user-id': 'forged' });
    await gateway.network.restore();

    expect(answer.body).toMatchObject({ caller: null });
    expect(gateway.service.last.valuesOf('X-User-Id')).toEqual([]);
    await expectRecovery();
  });
});
