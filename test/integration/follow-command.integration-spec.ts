import { follow, type RunningFollower } from '../../apps/cli/src/follow';
import { describeWithAnvil, useAnvil } from '../support/anvil';
import { aWalletOwner, balancesOf, chainsOf } from '../support/followed-wallets';
import { databaseEnvironment, SMALL_CACHES } from '../support/test-database';
import { Countersign } from '../support/run-countersign';
import { TcpProxy } from '../support/tcp-proxy';
import { until } from '../support/until';
import { useFixture } from '../support/use-fixture';
import { useApplication, useTestApp } from '../support/use-test-app';
import { SITE } from '../support/wallets';

describeWithAnvil('countersign follow', () => {
  const anvil = useAnvil();
  const app = useTestApp(() => ({ environment: { CHAINS: chainsOf([anvil.url]) } }));
  const demo = useApplication(app, { origins: [SITE] });
  const environmentOf = (chains: object) => ({
    NODE_ENV: 'test',
    ...SMALL_CACHES,
    ...databaseEnvironment(app.database),
    KEYS: app.keys,
    // It says why a follower ends by itself.
    LOG_LEVEL: 'fatal',
    FOLLOWER_PORT: '0',
    ...chains,
  });
  const follower: RunningFollower = useFixture(
    () => follow(environmentOf({ CHAINS: chainsOf([anvil.url]) }), '0.0.1'),
    { close: (running) => running.close() },
  );

  const get = (path: string) => fetch(`http://127.0.0.1:${follower.port}${path}`);

  it('reads blocks for wallets that are linked at the API meanwhile', async () => {
    const owner = await aWalletOwner(app, demo);
    await until(async () => {
      await anvil.mine(1);
      return (await balancesOf(owner)).since !== null;
    });

    await anvil.pay(owner.address, 7n);
    await until(async () => (await balancesOf(owner)).balances[0]?.change === '7');

    expect(await balancesOf(owner)).toMatchObject({ state: 'following', staleSince: null });
  });

  it('serves health and metrics, and nothing else', async () => {
    await until(async () => (await get('/health/ready')).status === 200);

    expect(await (await get('/health/ready')).json()).toMatchObject({
      status: 'ok',
      checks: ['database', 'schema', 'keys', 'clock', 'side-tasks', 'wallet-history', 'chains'].map(
        (name) => ({
          name,
          ok: true,
        }),
      ),
    });
    expect((await get('/health/live')).status).toBe(200);
    expect(await (await get('/metrics')).text()).toContain(
      'countersign_chain_lag_blocks{chain="eip155:31337"}',
    );
    expect((await get('/v1/me')).status).toBe(404);
    expect((await fetch(`http://127.0.0.1:${follower.port}/metrics`, { method: 'POST' })).status).toBe(404);
  });

  it('says which port is taken', async () => {
    const second = new Countersign(
      app,
      environmentOf({ CHAINS: chainsOf([anvil.url]), FOLLOWER_PORT: String(follower.port) }),
    );

    expect(await second.failure('follow')).toBe(
      `Port ${follower.port} is taken: stop what uses it, or set FOLLOWER_PORT.`,
    );
    expect((await get('/health/live')).status).toBe(200);
  });

  it('is not ready while the database is away, names nothing of it, and reads on after it', async () => {
    const owner = await aWalletOwner(app, demo);
    const network = await TcpProxy.start(app.database.directUrl);
    const secret = 'a-key-of-the-operator';
    const chains = chainsOf([`${anvil.url}/?key=${secret}`]);
    const other = await follow(environmentOf({ CHAINS: chains, DATABASE_URL: network.url }), '0.0.1');
    const ask = (path: string) => fetch(`http://127.0.0.1:${other.port}${path}`);
    try {
      await until(async () => (await ask('/health/ready')).status === 200);
      await network.cut();

      const away = await ask('/health/ready');

      const text = await away.text();
      expect([away.status, JSON.parse(text)]).toMatchObject([
        503,
        {
          checks: [
            ...['database', 'schema', 'keys', 'clock'].map((name) => ({
              ...{ name, ok: false, detail: 'cannot be reached' },
            })),
            { name: 'side-tasks', ok: true },
            { name: 'wallet-history', detail: 'cannot be reached' },
            { name: 'chains', detail: 'ok' },
          ],
        },
      ]);
      const metrics = await ask('/metrics');
      expect(metrics.status).toBe(200);
      const seen = text + (await metrics.text());
      for (const hidden of [secret, new URL(network.url).port, owner.address])
        expect(seen).not.toContain(hidden);
      await network.restore();
      await until(async () => (await ask('/health/ready')).status === 200);
    } finally {
      await network.restore();
      await other.close();
      await network.cut();
    }
  });

  it('needs a chain that is followed', async () => {
    const sentence = 'CHAINS_FILE names no chain that is followed (docs/operations.md#chains).';
    const none = new Countersign(app, environmentOf({}));
    const unfollowed = new Countersign(
      app,
      environmentOf({ CHAINS: chainsOf([anvil.url], { follow: false }) }),
    );

    expect(await none.failure('follow')).toBe(sentence);
    expect(await unfollowed.failure('follow')).toBe(sentence);
  });
});
