import { follow, type RunningFollower } from '../../apps/cli/src/follow';
import { describeWithAnvil, useAnvil } from '../support/anvil';
import { aWalletOwner, balancesOf, chainsOf } from '../support/followed-wallets';
import { databaseEnvironment, SMALL_CACHES } from '../support/test-database';
import { Countersign } from '../support/run-countersign';
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
    LOG_LEVEL: 'silent',
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
      checks: ['database', 'schema', 'keys', 'clock', 'wallet-history'].map((name) => ({ name, ok: true })),
    });
    expect((await get('/health/live')).status).toBe(200);
    expect(await (await get('/metrics')).text()).toContain(
      'countersign_chain_lag_blocks{chain="eip155:31337"}',
    );
    expect((await get('/v1/me')).status).toBe(404);
    expect((await fetch(`http://127.0.0.1:${follower.port}/metrics`, { method: 'POST' })).status).toBe(404);
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
