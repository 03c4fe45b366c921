import { HealthService } from '../../apps/api/src/health/health.service';
import { RestoredDatabase, WalletFreezing } from '@countersign/embedded-wallets';
import { describeWithAnvil, useAnvil } from '../support/anvil';
import { TestCustody } from '../support/custody';
import { askForAct, aWalletApplication } from '../support/embedded-wallets';
import { expectProblem } from '../support/expect-problem';
import { useTwoNodes } from '../support/fake-node';
import { signInPerson } from '../support/person-session';
import {
  aFundedWallet,
  broadcast,
  callSend,
  CHAIN,
  coin,
  look,
  permit,
  send,
  sendingOn,
  sendOf,
} from '../support/sends';
import { TestApp } from '../support/test-app';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { useFixture } from '../support/use-fixture';

/** An installation that sends, and a backup of its database. Custody goes on. */
class Installation {
  private app: TestApp | null = null;
  private backup: TestDatabase | null = null;

  private constructor(
    readonly custody: TestCustody,
    private readonly database: TestDatabase,
  ) {}

  static async make(): Promise<Installation> {
    return new Installation(await TestCustody.start(), await createTestDatabase());
  }

  async start(urls: readonly string[], database = this.database): Promise<TestApp> {
    const { environment } = sendingOn(this.custody, urls);
    const { keys, clock, telegram } = this.app ?? {};
    this.app = await TestApp.start({
      database,
      environment,
      ...(keys && clock && telegram ? { keys, clock, telegram } : {}),
    });
    return this.app;
  }

  async backUp(urls: readonly string[]): Promise<TestApp> {
    await this.app?.close();
    this.backup = await this.database.copy();
    return this.start(urls);
  }

  async restore(urls: readonly string[]): Promise<TestApp> {
    await this.app?.close();
    return this.start(urls, this.backup ?? this.database);
  }

  async drop(): Promise<void> {
    await this.app?.close();
    await this.backup?.drop();
    await this.database.drop();
    await this.custody.close();
  }
}

describeWithAnvil('another database', () => {
  const anvil = useAnvil();
  const nodes = useTwoNodes(anvil);
  const urls = () => nodes.map(({ url }) => url);
  const installation = useFixture(() => Installation.make(), { per: 'test', close: (made) => made.drop() });

  afterEach(() => anvil.request('evm_setAutomine', [true]));

  const broadcasts = () =>
    nodes.flatMap((node) => node.methods()).filter((name) => name === 'eth_sendRawTransaction');
  const brakes = (app: TestApp) =>
    app.database.query<{ action: string; actor: string; details: object }>(
      `SELECT action, actor, details FROM audit_records WHERE action LIKE 'wallet.brake%' ORDER BY id`,
    );
  const freezing = (app: TestApp) => app.nest.get(WalletFreezing, { strict: false });

  it('of a restored backup stops all wallets, and gives nothing to the nodes, until an operator releases them', async () => {
    const first = await installation.start(urls());
    const demo = await aWalletApplication(first, { acts: ['send'] });
    const holder = await aFundedWallet(first, demo, anvil);
    await anvil.request('evm_setAutomine', [false]);
    const open = await send(holder.session, holder.wallet);
    await broadcast(first);
    await installation.backUp(urls());

    const app = await installation.restore(urls());

    expect(await freezing(app).brake()).toMatchObject({ reason: 'database_restored' });
    expect(await app.nest.get(HealthService).isReady()).toBe(true);
    const session = await signInPerson(app, demo, holder.session.person);
    for (const node of nodes) node.requests.length = 0;
    app.clock.advance(60);
    await look(app);
    expect(broadcasts()).toEqual([]);
    // What became of open sends is read meanwhile.
    await anvil.mine();
    app.clock.advance(60);
    await look(app);
    expect((await sendOf(session, holder.wallet, open)).state).toBe('mined');
    expectProblem(
      await askForAct(session, holder.wallet, { kind: 'send', chainId: CHAIN, request: coin() }),
      403,
      'wallet.acts_stopped',
    );

    installation.custody.command('release');

    await anvil.request('evm_setAutomine', [true]);
    await send(session, holder.wallet);
    await broadcast(app);
    expect(await anvil.client.getTransactionCount({ address: holder.address })).toBe(2);
    expect(await brakes(app)).toHaveLength(1);
    expect(await app.nest.get(RestoredDatabase, { strict: false }).run()).toBe(0);
  });

  it('after a failover sends nothing from the first call on, and is stopped once by the job of one replica', async () => {
    const app = await installation.start(urls());
    const demo = await aWalletApplication(app, { acts: ['send'] });
    const holder = await aFundedWallet(app, demo, anvil);
    const [row] = await app.database.query<{ origin: string }>('SELECT origin FROM wallet_database');
    const [cluster, timeline, ...rest] = row?.origin.split('/') ?? [];
    expect([cluster, timeline]).toEqual([expect.stringMatching(/^\d+$/), '00000001']);
    const call = await permit(holder.session, holder.wallet);
    // The standby was at an earlier timeline than the leader that replaces it.
    const before = [cluster, '00000000', ...rest].join('/');
    await app.database.query('UPDATE wallet_database SET origin = $1', [before]);

    expectProblem(await callSend(holder.session, holder.wallet, call), 403, 'wallet.acts_stopped');
    // A release from before the brake is none.
    installation.custody.command('release');
    expectProblem(await callSend(holder.session, holder.wallet, call), 403, 'wallet.acts_stopped');
    const job = app.nest.get(RestoredDatabase, { strict: false });
    const runs = await Promise.all(Array.from({ length: 4 }, () => job.run()));
    expect(runs.toSorted()).toEqual([0, 0, 0, 1]);
    expect(await brakes(app)).toMatchObject([
      { action: 'wallet.brake_applied', actor: 'system', details: { reason: 'database_restored' } },
    ]);
    expectProblem(await callSend(holder.session, holder.wallet, call), 403, 'wallet.acts_stopped');
    installation.custody.command('release');

    expect((await callSend(holder.session, holder.wallet, call)).status).toBe(200);
  });
});
