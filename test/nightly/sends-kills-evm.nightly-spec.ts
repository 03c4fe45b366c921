import { JournalSeal } from '@countersign/embedded-wallets';
import { describeWithAnvil, useAnvil } from '../support/anvil';
import { aWalletApplication } from '../support/embedded-wallets';
import { useTwoNodes, type FakeNode } from '../support/fake-node';
import { aFundedWallet, coin, permit, sendingOn, type SendBody } from '../support/sends';
import { until } from '../support/until';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';
import { useCustodyOnLine, useVictim } from '../system/support/killing';
import type { SendAnswer } from '../system/support/replica-process';

const SEND_RAW = 'eth_sendRawTransaction';
/** What the chain may have when a process dies. */
type Outcome = 'nothing' | 'stored' | 'with a node';

/** The processes of the API and of custody die at each step of a send, by SIGKILL. Another replica answers the same call. */
describeWithAnvil('a send whose process is killed', () => {
  const anvil = useAnvil({ flags: ['--slots-in-an-epoch', '1'] });
  const [first, second] = useTwoNodes(anvil);
  const { custody, custodyLine } = useCustodyOnLine();
  const sending = () => sendingOn(custody, [first.url, second.url]);
  const app = useTestApp(sending);
  const game = useFixture(() => aWalletApplication(app, { acts: ['send'] }));
  const { line, victim, killing } = useVictim(app, () => sending().environment);

  /** With a request to nodes. @param forwards to which nodes it goes before the process dies */
  const atRequest = (method: string, forwards: readonly FakeNode[]) => () => {
    let waiting = forwards.length;
    for (const node of [first, second])
      node.takeOver(async (body, response) => {
        if (!JSON.stringify(body).includes(method)) return undefined;
        if (forwards.includes(node)) {
          // The second one's chain is the same: it knows them.
          for (const { params } of [body].flat() as { params: [`0x${string}`] }[])
            await anvil.request(method, params).catch(() => undefined);
          waiting -= 1;
        }
        // The other one gets its bytes before.
        await until(() => waiting === 0);
        killing.kill();
        response.destroy();
        return true;
      });
  };

  /** While custody does not answer. */
  const whileCustodySigns = () => {
    custody.signal('SIGSTOP');
    killing.killed = isSigning().then(() => victim.kill());
  };

  async function isSigning(): Promise<void> {
    const statement = `SELECT 1 FROM pg_locks WHERE relation = 'wallet_nonces'::regclass AND granted AND mode = 'RowExclusiveLock'`;
    await until(async () => (await app.database.query(statement)).length > 0);
  }

  const rowsOf = (walletId: string) =>
    app.database.query<{ id: string }>('SELECT id FROM sends WHERE wallet_id = $1', [walletId]);

  async function aCall() {
    app.clock.catchUp();
    const { session, wallet, address } = await aFundedWallet(app, game, anvil);
    const to = `0x${Math.random().toString(16).slice(2).padEnd(40, '5').slice(0, 40)}` as const;
    const call = await permit(session, wallet, coin(5, to));
    const send = (): Promise<SendAnswer> => victim.send(session, wallet, call);
    return { address, to, send, walletId: wallet.walletId };
  }
  type Called = Awaited<ReturnType<typeof aCall>>;

  /** The same call to another replica says what became of it, and it is in the chain once. */
  async function expectSentOnce({ address, to, send, walletId }: Called): Promise<string> {
    // As half a minute later.
    await app.database.query(`UPDATE sending_leases SET lease_until = now() - interval '1 second'`);
    const again = await send();
    expect([again.status, again.body.code]).toEqual([200, undefined]);
    const { sendId } = again.body;
    await until(async () => {
      await anvil.mine();
      const [row] = await app.database.query<{ state: string }>('SELECT state FROM sends WHERE id = $1', [
        sendId,
      ]);
      return row?.state === 'final';
    });
    expect(await anvil.client.getTransactionCount({ address })).toBe(1);
    expect(await anvil.client.getBalance({ address: to })).toBe(5n);
    expect(await rowsOf(walletId)).toEqual([{ id: sendId }]);
    expect(((await send()).body as SendBody).sendId).toBe(sendId);
    return sendId;
  }

  beforeEach(async () => {
    killing.reset();
    custodyLine.tap = () => true;
    await anvil.request('evm_setAutomine', [true]);
    if (!victim.isRunning) await victim.start();
  });

  it.each<readonly [string, Outcome, () => void]>([
    ['while custody signs', 'nothing', whileCustodySigns],
    ['before its row is written', 'nothing', () => killing.beforeStatement('INSERT INTO "sends"')],
    ['before its commit', 'nothing', () => killing.atCommitOf('INSERT INTO "sends"', 'before')],
    [
      'after its commit, of which it does not hear',
      'stored',
      () => killing.atCommitOf('INSERT INTO "sends"', 'after'),
    ],
    ['before a node has a byte', 'stored', atRequest(SEND_RAW, [])],
    ['when one node has its bytes', 'with a node', atRequest(SEND_RAW, [second])],
    ['when both nodes have its bytes', 'with a node', atRequest(SEND_RAW, [first, second])],
    [
      'before the answers of nodes are written',
      'with a node',
      () => killing.beforeStatement('UPDATE "sends" SET "broadcast_at"'),
    ],
    ['when it reads its receipt', 'with a node', atRequest('eth_getTransactionReceipt', [])],
    [
      'before it writes that a block has it',
      'with a node',
      () => killing.beforeStatement('UPDATE "sends" SET "state"'),
    ],
    [
      'after it wrote that a block has it, of which it does not hear',
      'with a node',
      () => killing.atCommitOf('UPDATE "sends" SET "state"', 'after'),
    ],
  ])('%s is sent once, or clearly not', async (_, outcome, arm) => {
    const called = await aCall();
    arm();

    const answer = await called.send();
    // The follower of the process comes to it by itself.
    await until(() => killing.killed !== null);
    await killing.killed;
    custody.signal('SIGCONT');

    if (outcome === 'nothing') {
      expect(answer.status).toBe(0);
      // The database has undone what it began.
      await until(async () => (await rowsOf(called.walletId)).length === 0);
    }
    line.tap = () => true;
    for (const node of [first, second]) node.recover();
    const before = await rowsOf(called.walletId);
    expect(before).toHaveLength(outcome === 'nothing' ? 0 : 1);
    const isSent = (await anvil.client.getTransactionCount({ address: called.address })) > 0;
    expect(isSent).toBe(outcome === 'with a node');

    await victim.start();
    const sendId = await expectSentOnce(called);
    if (before[0]) expect(sendId).toBe(before[0].id);
  });

  it.each<readonly [string, boolean, boolean]>([
    ['while it waits for custody', false, false],
    ['before its entry in the journal is committed', true, false],
    ['after its entry in the journal is committed', true, true],
  ])(
    'whose custody dies %s is not sent, and is sent once by the next call',
    async (_, isTapped, isCommitted) => {
      const called = await aCall();
      await custody.restart(custodyLine.url);
      const { journal } = await custody.client.health();
      let died: Promise<unknown> | null = null;
      const committing = new Set<unknown>();
      if (isTapped)
        custodyLine.tap = (bytes, direction, connection) => {
          const text = bytes.toString('latin1');
          if (died) return false;
          if (direction === 'to-server' && text.includes('INSERT INTO custody.journal'))
            committing.add(connection);
          const isDue = isCommitted
            ? direction === 'to-client' && committing.has(connection) && text.includes('COMMIT')
            : direction === 'to-server' && committing.has(connection) && text.includes('COMMIT');
          if (isDue) died = custody.kill();
          return !isDue;
        };
      else {
        custody.signal('SIGSTOP');
        died = isSigning().then(() => custody.kill());
      }

      const answer = await called.send();
      await died;

      expect([answer.status, answer.body.code]).toEqual([503, 'wallet.custody_unavailable']);
      expect(await rowsOf(called.walletId)).toEqual([]);
      custodyLine.tap = () => true;
      await custody.run(custodyLine.url);
      const { journal: after } = await custody.client.health();
      expect(after.sequence - journal.sequence).toBe(isCommitted ? 1 : 0);
      await expectSentOnce(called);
    },
  );

  it('together with custody is not sent, and is sent once by the next call', async () => {
    const called = await aCall();
    custody.signal('SIGSTOP');
    const answer = called.send();
    await isSigning();
    await Promise.all([victim.kill(), custody.kill()]);

    expect((await answer).status).toBe(0);
    await until(async () => (await rowsOf(called.walletId)).length === 0);
    await Promise.all([victim.start(), custody.run(custodyLine.url)]);
    await expectSentOnce(called);
  });

  it('leaves no signature without an act', async () => {
    expect(await app.nest.get(JournalSeal).compare()).toMatchObject({ withoutAct: [] });
  });
});
