import { setTimeout as sleep } from 'node:timers/promises';
import { HealthService } from '../../apps/api/src/health/health.service';
import { WalletFreezing } from '@countersign/embedded-wallets';
import { describeWithAnvil, useAnvil } from '../support/anvil';
import { TestCustody } from '../support/custody';
import { aWalletApplication } from '../support/embedded-wallets';
import { expectProblem } from '../support/expect-problem';
import { RpcFault, useFakeNode, type Lie } from '../support/fake-node';
import { aFileLedger, type TestLedger } from '../support/ledger-cases';
import { signInPerson, type PersonSession } from '../support/person-session';
import {
  aFundedWallet,
  aKey,
  broadcast,
  callSend,
  CHAIN,
  coin,
  look,
  permit,
  send,
  sendingOn,
  sendOf,
  settleWaiting,
} from '../support/sends';
import { TestApp, type Demo } from '../support/test-app';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { until } from '../support/until';
import { useFixture } from '../support/use-fixture';

type Funded = Awaited<ReturnType<typeof aFundedWallet>>;

/** An installation that sends, and a backup of its database. Custody and the ledger of erasures go on. */
class Installation {
  private app: TestApp | null = null;
  private backup: TestDatabase | null = null;

  private constructor(
    readonly custody: TestCustody,
    readonly ledger: TestLedger,
    private readonly database: TestDatabase,
  ) {}

  static async make(): Promise<Installation> {
    return new Installation(await TestCustody.start(), await aFileLedger(), await createTestDatabase());
  }

  async start(urls: readonly string[], database = this.database): Promise<TestApp> {
    const { environment } = sendingOn(this.custody, urls);
    const { keys, clock, telegram } = this.app ?? {};
    this.app = await TestApp.start({
      database,
      environment: { ...environment, ERASURE_LEDGER: this.ledger.url },
      ...(keys && clock && telegram ? { keys, clock, telegram } : {}),
    });
    return this.app;
  }

  async backUp(urls: readonly string[]): Promise<TestApp> {
    await this.app?.close();
    this.backup = await this.database.copy();
    return this.start(urls);
  }

  /** @param isOfFiles the database has the names that it had: only the ledger of erasures knows more */
  async restore(urls: readonly string[], { isOfFiles = false } = {}): Promise<TestApp> {
    await this.app?.close();
    const backup = this.backup ?? this.database;
    if (isOfFiles) {
      const [old] = await this.database.query<{ oid: string }>(OWN_OID);
      await backup.query(
        `UPDATE send_origins SET origin = replace(origin, '/' || $1 || '/', '/' || (${OWN_OID}) || '/')`,
        [String(old?.oid)],
      );
    }
    return this.start(urls, backup);
  }

  async drop(): Promise<void> {
    await this.app?.close();
    await this.backup?.drop();
    await this.database.drop();
    await this.custody.close();
    await this.ledger.drop();
  }
}

const HOURS_24 = 24 * 3_600;
/** Longer than a transaction waits for a lock at first. */
const FIRST_WAIT_MS = 400;
const OWN_OID = 'SELECT oid FROM pg_database WHERE datname = current_database()';

describeWithAnvil('a restored backup', () => {
  const anvil = useAnvil();
  const first = useFakeNode(() => anvil.url);
  const second = useFakeNode(() => anvil.url);
  const urls = () => [first.url, second.url];
  const installation = useFixture(() => Installation.make(), { per: 'test', close: (made) => made.drop() });

  afterEach(() => anvil.request('evm_setAutomine', [true]));

  async function twoWallets(): Promise<{
    readonly app: TestApp;
    readonly demo: Demo;
    readonly wallets: readonly [Funded, Funded];
  }> {
    const app = await installation.start(urls());
    // As each replica with jobs does at once.
    await look(app);
    const demo = await aWalletApplication(app, { acts: ['send'] });
    return {
      app,
      demo,
      wallets: [await aFundedWallet(app, demo, anvil), await aFundedWallet(app, demo, anvil)],
    };
  }

  const again = (app: TestApp, demo: Demo, { session }: Funded): Promise<PersonSession> =>
    signInPerson(app, demo, session.person);

  const broadcasts = () =>
    [first, second].flatMap((node) => node.methods()).filter((name) => name === 'eth_sendRawTransaction');

  async function checkOf(app: TestApp) {
    const checks = await app.nest.get(HealthService).readiness();
    return checks.find(({ name }) => name === 'sends');
  }

  it('sends nothing before its open sends were compared with the chain', async () => {
    const { demo, wallets } = await twoWallets();
    const [one, other] = wallets;
    await anvil.request('evm_setAutomine', [false]);
    const open = await send(one.session, one.wallet);
    await installation.backUp(urls());
    await anvil.request('evm_setAutomine', [true]);
    await anvil.mine();
    const before = await anvil.client.getTransactionCount({ address: one.address });
    expect(before).toBe(1);

    const app = await installation.restore(urls());
    for (const node of [first, second]) node.requests.length = 0;
    const session = await again(app, demo, one);
    const call = async (caller: PersonSession, { wallet }: Funded) =>
      callSend(caller, wallet, { ...(await permit(caller, wallet)), key: aKey() });
    expectProblem(await call(session, one), 503, 'send.not_compared');
    expectProblem(await call(await again(app, demo, other), other), 503, 'send.not_compared');
    expect(await checkOf(app)).toMatchObject({ ok: true, detail: expect.stringContaining('eip155:31337') });
    // One node is not enough.
    second.goAway();
    app.clock.advance(60);
    await look(app);
    expect(broadcasts()).toEqual([]);
    second.recover();
    expectProblem(await call(session, one), 503, 'send.not_compared');

    await look(app);

    expect((await sendOf(session, one.wallet, open)).state).toBe('mined');
    expect(await checkOf(app)).toMatchObject({ detail: 'ok' });
    expect((await call(session, one)).status).toBe(201);
    await broadcast(app);
    expect(await anvil.client.getTransactionCount({ address: one.address })).toBe(2);
  });

  it.each([
    ['another database', false],
    ['the files of its database', true],
  ])('in %s freezes a wallet whose sends it has forgotten', async (_, isOfFiles) => {
    const { demo, wallets } = await twoWallets();
    const [one, other] = wallets;
    const backedUp = await installation.backUp(urls());
    const session = await again(backedUp, demo, one);
    const key = aKey();
    await send(session, one.wallet, coin(5), { key });
    await broadcast(backedUp);
    if (isOfFiles) await look(backedUp);

    const app = await installation.restore(urls(), { isOfFiles });
    await look(app);
    const back = await again(app, demo, one);
    // The key of the forgotten send.
    const call = { ...(await permit(back, one.wallet, coin(5))), key };
    expectProblem(await callSend(back, one.wallet, call), 409, 'wallet.frozen');
    expect(await anvil.client.getTransactionCount({ address: one.address })).toBe(1);
    await send(await again(app, demo, other), other.wallet);

    await app.nest.get(WalletFreezing, { strict: false }).unfreezeByOperator(one.wallet.walletId, 'compared');
    const next = await send(back, one.wallet, coin(6));
    expect(next.nonce).toBe(1);
    const [row] = await app.database.query<{ used_elsewhere_at: Date | null }>(
      'SELECT used_elsewhere_at FROM embedded_wallets WHERE wallet_id = $1',
      [one.wallet.walletId],
    );
    expect(row?.used_elsewhere_at).toBeNull();
  });

  it('sends nothing of what waited: its person may have cancelled it after the backup', async () => {
    const app = await installation.start(urls());
    await look(app);
    const delayed = { more: { sends: { firstSendDelayHours: 24 } } };
    const demo = await aWalletApplication(app, { acts: ['send'] }, delayed);
    const one = await aFundedWallet(app, demo, anvil);
    const cancelled = await send(one.session, one.wallet);
    expect(cancelled.state).toBe('waiting');
    const backedUp = await installation.backUp(urls());
    const path = `/v1/wallets/${one.wallet.walletId}/sends/${cancelled.sendId}/cancel`;
    expect((await (await again(backedUp, demo, one)).post(path, {})).status).toBe(200);

    const restored = await installation.restore(urls());
    restored.clock.advance(HOURS_24);
    await settleWaiting(restored);
    await look(restored);

    const back = await again(restored, demo, one);
    expect(await sendOf(back, one.wallet, cancelled)).toMatchObject({
      ...{ state: 'not-sent', refusal: 'send.restored', nonce: null },
    });
    // The recipient is new again, and what is asked for from now on is sent.
    const next = await send(back, one.wallet, coin(2));
    expect(next.state).toBe('waiting');
    await look(restored);
    restored.clock.advance(HOURS_24);
    await settleWaiting(restored);
    await broadcast(restored);
    expect(await anvil.client.getTransactionCount({ address: one.address })).toBe(1);
    const reader = await again(restored, demo, one);
    expect((await sendOf(reader, one.wallet, next)).state).toBe('broadcasting');
  });

  it.each([
    ['its person', false],
    ['another program before the backup, too,', true],
  ])('freezes a wallet of which 40 sends by %s are forgotten', async (_, isUsedElsewhere) => {
    const { demo, wallets } = await twoWallets();
    const [one] = wallets;
    const { walletId } = one.wallet;
    await installation.backUp(urls());
    const app = await installation.restore(urls());
    if (isUsedElsewhere)
      await app.database.query(
        'UPDATE embedded_wallets SET used_elsewhere_at = created_at WHERE wallet_id = $1',
        [walletId],
      );
    await anvil.request('anvil_setNonce', [one.address, '0x28']);
    await look(app);
    const back = await again(app, demo, one);
    const call = { ...(await permit(back, one.wallet)), key: aKey() };
    // One node cannot freeze it.
    second.lie('eth_getTransactionCount', '0x0');
    expectProblem(await callSend(back, one.wallet, call), 503, 'send.nonce_unknown');
    second.recover();

    expectProblem(await callSend(back, one.wallet, call), 409, 'wallet.frozen');

    await app.nest.get(WalletFreezing, { strict: false }).unfreezeByOperator(walletId, 'compared');
    const next = await send(back, one.wallet);
    expect(next.nonce).toBe(40);
    await broadcast(app);
    expect(await anvil.client.getTransactionCount({ address: one.address })).toBe(41);
    // Outside of a restore it is a lie, or none of this service.
    await anvil.request('anvil_setNonce', [one.address, '0x64']);
    const more = { ...(await permit(back, one.wallet)), key: aKey() };
    expectProblem(await callSend(back, one.wallet, more), 409, 'send.nonce_implausible');
  });

  it('freezes a wallet of which a node has a transaction that waits and that it has forgotten', async () => {
    const { demo, wallets } = await twoWallets();
    const [one] = wallets;
    const backedUp = await installation.backUp(urls());
    await anvil.request('evm_setAutomine', [false]);
    await send(await again(backedUp, demo, one), one.wallet, coin(5));
    await broadcast(backedUp);

    const app = await installation.restore(urls());
    await look(app);
    const back = await again(app, demo, one);
    const call = { ...(await permit(back, one.wallet, coin(5))), key: aKey() };
    const withoutPending: Lie = ([, block], truth) => {
      if (block === 'pending') throw new RpcFault(-32_000, 'busy');
      return truth();
    };
    for (const node of [first, second]) node.lie('eth_getTransactionCount', withoutPending);
    expectProblem(await callSend(back, one.wallet, call), 503, 'send.nonce_unknown');
    for (const node of [first, second]) node.recover();

    expectProblem(await callSend(back, one.wallet, call), 409, 'wallet.frozen');
    await anvil.request('evm_setAutomine', [true]);
  });

  it('freezes no wallet that sends twice at the same time', async () => {
    const { demo, wallets } = await twoWallets();
    const [one] = wallets;
    await installation.backUp(urls());
    const app = await installation.restore(urls());
    await look(app);
    const back = await again(app, demo, one);
    const aCall = async () => ({ ...(await permit(back, one.wallet)), key: aKey() });
    const calls = [await aCall(), await aCall()] as const;
    let [isAsked, mayAnswer] = [false, false];
    first.lie('eth_getTransactionCount', (async ([, block], truth) => {
      if (block !== 'pending' || isAsked) return truth();
      isAsked = true;
      await until(() => mayAnswer);
      return truth();
    }) satisfies Lie);
    const slow = callSend(back, one.wallet, calls[0]).then((answer) => answer);
    await until(() => isAsked);
    expect((await callSend(back, one.wallet, calls[1])).body).toMatchObject({ nonce: 0 });
    await broadcast(app);

    mayAnswer = true;

    expect((await slow).body).toMatchObject({ nonce: 1 });
  });

  describe('that is noticed after a wallet was compared, and before it signs', () => {
    const lockOf = ({ userId }: { readonly userId: string }) =>
      `SELECT FROM users WHERE id = '${userId}' FOR NO KEY UPDATE`;

    /** Work that waits for a lock until followers have noticed the restore, and compared the chain unless a wait is still to end. */
    async function during<T>(
      app: TestApp,
      { lock, isCompared }: { readonly lock: string; readonly isCompared: boolean },
      work: () => Promise<T>,
    ): Promise<T> {
      const held = await app.database.hold(lock);
      const isWaiting = () => app.isWaitingFor(lock.includes('users') ? 'FROM users' : 'FROM wallet_nonces');
      const working = work();
      await until(isWaiting);
      await sleep(FIRST_WAIT_MS);
      await until(isWaiting);
      // As the ledger of erasures finds it.
      await app.database.query('UPDATE erasure_marks SET restored_at = now()');
      const looked = look(app);
      await until(async () => {
        const [row] = await app.database.query<{ is: boolean }>(
          'SELECT restored_at IS NOT NULL AND (comparing IS NULL) = $1 AS is FROM send_origins',
          [isCompared],
        );
        return row?.is === true;
      });
      await held.commit();
      const done = await working;
      await looked;
      return done;
    }

    it('sends nothing before the wallet is compared again', async () => {
      const { app, wallets } = await twoWallets();
      const [one, other] = wallets;
      const call = { ...(await permit(one.session, one.wallet)), key: aKey() };
      const sent = () => callSend(one.session, one.wallet, call).then((answer) => answer);

      expectProblem(
        await during(app, { lock: lockOf(one.session), isCompared: true }, sent),
        503,
        'send.not_compared',
      );

      // What the database has forgotten.
      await anvil.request('anvil_setNonce', [one.address, '0x1']);
      expectProblem(await sent(), 409, 'wallet.frozen');
      expect((await send(other.session, other.wallet)).nonce).toBe(0);
    });

    it('adds no version to a send before that', async () => {
      const { app, wallets } = await twoWallets();
      const [{ session, wallet }] = wallets;
      await anvil.request('evm_setAutomine', [false]);
      const { sendId } = await send(session, wallet);
      await broadcast(app);
      const { walletToken, maxFee } = await permit(session, wallet, { kind: 'speed-up', sendId });
      const path = `/v1/wallets/${wallet.walletId}/sends/${sendId}/speed-up`;
      const replaced = () =>
        session.post(path, { walletToken, chainId: CHAIN, maxFee }).then((answer) => answer);

      expectProblem(
        await during(app, { lock: lockOf(session), isCompared: true }, replaced),
        503,
        'send.not_compared',
      );

      expect((await replaced()).body).toMatchObject({ versions: [{ kind: 'first' }, { kind: 'speed-up' }] });
      await anvil.request('evm_setAutomine', [true]);
    });

    it('sends nothing that waited', async () => {
      const app = await installation.start(urls());
      await look(app);
      const delayed = { more: { sends: { firstSendDelayHours: 24 } } };
      const demo = await aWalletApplication(app, { acts: ['send'] }, delayed);
      const one = await aFundedWallet(app, demo, anvil);
      const waiting = await send(one.session, one.wallet);
      app.clock.advance(HOURS_24);
      const lock = `SELECT FROM wallet_nonces WHERE wallet_id = '${one.wallet.walletId}' FOR UPDATE`;

      await during(app, { lock, isCompared: false }, () => settleWaiting(app));

      const back = await again(app, demo, one);
      expect(await sendOf(back, one.wallet, waiting)).toMatchObject({
        ...{ state: 'not-sent', refusal: 'send.restored', nonce: null },
      });
      await broadcast(app);
      expect(await anvil.client.getTransactionCount({ address: one.address })).toBe(0);
    });
  });
});
