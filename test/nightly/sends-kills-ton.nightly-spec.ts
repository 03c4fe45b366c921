import { JournalSeal } from '@countersign/embedded-wallets';
import { Address, toNano } from '@ton/core';
import { aWalletApplication } from '../support/embedded-wallets';
import { type SendBody } from '../support/sends';
import { useTonApi } from '../support/ton/ton-api';
import { aTonSender, permitOnTon, sendingOnTon } from '../support/ton/ton-embedded';
import { ownerOf, TonNetwork } from '../support/ton/ton-network';
import { until } from '../support/until';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';
import { useCustodyOnLine, useVictim } from '../system/support/killing';
import type { SendAnswer } from '../system/support/replica-process';

const STORED = 'INSERT INTO "sends"';
const CHANGED = 'UPDATE "sends" SET "state"';
const JOURNAL = 'INSERT INTO custody.journal';
/** After which no block takes a message any more, in seconds. */
const OVER = 90;
/**
 * `npm run test:nightly -- send-kills`: also where the code is that of sends on every chain, which `sends-kills-evm.nightly-spec.ts` kills
 * each time.
 */
const isLong = process.env['SEND_KILLS'] !== undefined;
const ofEveryChain = isLong ? it : it.skip;
/** What the network may have when a process dies. */
type Outcome = 'nothing' | 'stored' | 'taken';

/**
 * The processes of the API and of custody die at each step of a send on TON, by SIGKILL. Another replica answers the same call. The
 * sandbox judges, which runs the contract of the wallet.
 */
describe('a send on TON whose process is killed', () => {
  const network = useFixture(() => TonNetwork.create());
  const [first, second] = [useTonApi(network), useTonApi(network)];
  const apis = [first, second];
  const { custody, custodyLine } = useCustodyOnLine();
  const sending = () => sendingOnTon(custody, apis);
  const app = useTestApp(sending);
  const game = useFixture(() => aWalletApplication(app, { acts: ['send'] }));
  const { line, victim, killing } = useVictim(app, () => sending().environment);

  /** The messages that the contract of the wallet took. */
  const takenBy = (address: Address) =>
    network.transactions.filter(
      ({ transaction }) =>
        transaction.inMessage?.info.type === 'external-in' && ownerOf(transaction).equals(address),
    ).length;
  const rowsOf = (walletId: string) =>
    app.database.query<{ id: string; state: string }>('SELECT id, state FROM sends WHERE wallet_id = $1', [
      walletId,
    ]);
  /** While the time of the network stands still, messages stay good, however long a start takes. */
  const now = (): number => Math.floor(Date.now() / 1_000);

  let recipients = 0x10;

  async function aCall() {
    app.clock.catchUp();
    network.time = now();
    const sender = await aTonSender(app, game, network);
    const to = `0:${(recipients += 1).toString(16).repeat(32)}`;
    const request = { kind: 'coin', to, amount: String(toNano('1')) };
    const call = await permitOnTon(sender, request);
    const { session, wallet, address } = sender;
    await custody.restart(custodyLine.url);
    const send = (): Promise<SendAnswer> => victim.send(session, wallet, call);
    return { sender, request, address, to: Address.parse(to), send, walletId: wallet.walletId };
  }
  type Called = Awaited<ReturnType<typeof aCall>>;

  /** The same call to another replica says what became of it, when that is known. */
  async function endOf({ send, walletId }: Called): Promise<{ sendId: string; state: string }> {
    // As half a minute later.
    await app.database.query(`UPDATE sending_leases SET lease_until = now() - interval '1 second'`);
    const again = await send();
    expect([again.status, again.body.code]).toEqual([200, undefined]);
    const { sendId } = again.body;
    await until(async () => {
      const [row] = await rowsOf(walletId);
      return row !== undefined && ['final', 'not-sent'].includes(row.state);
    });
    const last = (await send()).body as SendBody;
    expect(last.sendId).toBe(sendId);
    expect((await rowsOf(walletId)).map(({ id }) => id)).toEqual([sendId]);
    return last;
  }

  async function expectSentOnce(called: Called): Promise<string> {
    const { sendId, state } = await endOf(called);
    expect(state).toBe('final');
    expect(takenBy(called.address)).toBe(1);
    expect(Number(await network.balanceOf(called.to)) / 1e9).toBeCloseTo(1);
    return sendId;
  }

  /** @returns the answer of the killed process */
  async function killedCall(called: Called): Promise<SendAnswer> {
    const answer = await called.send();
    // The follower of the process comes to it by itself.
    await until(() => killing.killed !== null);
    await killing.killed;
    line.tap = () => true;
    custodyLine.tap = () => true;
    for (const api of apis) api.recover();
    return answer;
  }

  beforeEach(async () => {
    killing.reset();
    custodyLine.tap = () => true;
    if (!victim.isRunning) await victim.start();
  });

  const whileCustodySigns = () => {
    custodyLine.tap = (bytes, direction) => {
      if (direction === 'to-server' && bytes.toString('latin1').includes(JOURNAL)) killing.kill();
      return true;
    };
  };
  const beforeAnEndpointHasIt = () => {
    for (const api of apis) api.refuse('sendBoc', () => killing.kill());
  };
  const whenOneEndpointHasIt = () => {
    first.refuse('sendBoc', () => undefined);
    killAt(second, 'sendBoc');
  };
  const killAt = (api: typeof first, what: string) =>
    api.lie(what, (truth: object) => {
      killing.kill();
      return truth;
    });

  const steps: readonly (readonly [string, Outcome, () => void])[] = [
    ['while custody signs', 'nothing', whileCustodySigns],
    ['before an endpoint has a byte', 'stored', beforeAnEndpointHasIt],
    ['when one endpoint has its bytes', 'taken', whenOneEndpointHasIt],
    ['when it looks its message up', 'taken', () => killAt(first, 'transactionsByMessage')],
  ];
  const stepsOfEveryChain: typeof steps = [
    ['before its row is written', 'nothing', () => killing.beforeStatement(STORED)],
    ['before its commit', 'nothing', () => killing.atCommitOf(STORED, 'before')],
    ['after its commit, of which it does not hear', 'stored', () => killing.atCommitOf(STORED, 'after')],
    [
      'before the answers of endpoints are written',
      'taken',
      () => killing.beforeStatement('UPDATE "sends" SET "broadcast_at"'),
    ],
    ['before it writes that it came', 'taken', () => killing.beforeStatement(CHANGED)],
    [
      'after it wrote that it came, of which it does not hear',
      'taken',
      () => killing.atCommitOf(CHANGED, 'after'),
    ],
  ];

  it.each([...steps, ...(isLong ? stepsOfEveryChain : [])])(
    '%s is sent once, or clearly not',
    async (_, outcome, arm) => {
      const called = await aCall();
      arm();

      const answer = await killedCall(called);

      if (outcome === 'nothing') {
        expect(answer.status).toBe(0);
        // The database has undone what it began.
        await until(async () => (await rowsOf(called.walletId)).length === 0);
        // What is signed next is good from then on.
        network.chain.now = undefined;
      }
      const before = await rowsOf(called.walletId);
      expect(before).toHaveLength(outcome === 'nothing' ? 0 : 1);
      expect(takenBy(called.address)).toBe(outcome === 'taken' ? 1 : 0);
      await victim.start();
      const sendId = await expectSentOnce(called);
      if (before[0]) expect(sendId).toBe(before[0].id);
    },
  );

  it('before an endpoint has a byte is clearly not sent, when its time is over before the next replica', async () => {
    const called = await aCall();
    const bytes: string[] = [];
    for (const api of apis)
      api.refuse('sendBoc', ({ boc }) => {
        bytes.push(String(boc));
        killing.kill();
      });

    await killedCall(called);
    network.time = now() + OVER;
    await victim.start();

    expect((await endOf(called)).state).toBe('not-sent');
    expect(takenBy(called.address)).toBe(0);
    await expect(network.take(Buffer.from(bytes[0] ?? '', 'base64'))).rejects.toThrow('exitcode=136');
    // A new key sends it with the same seqno, once.
    network.chain.now = undefined;
    const call = await permitOnTon(called.sender, called.request);
    const sent = await victim.send(called.sender.session, called.sender.wallet, call);
    expect([sent.status, sent.body.nonce]).toEqual([200, 0]);
    await until(() => takenBy(called.address) === 1);
  });

  it('when one endpoint has its bytes is sent once, also when its time is over before the next replica', async () => {
    const called = await aCall();
    whenOneEndpointHasIt();

    await killedCall(called);
    expect(takenBy(called.address)).toBe(1);
    network.time = now() + OVER;
    await victim.start();

    await expectSentOnce(called);
  });

  ofEveryChain.each<readonly [string, boolean]>([
    ['before its entry in the journal is committed', false],
    ['after its entry in the journal is committed', true],
  ])('whose custody dies %s is not sent, and is sent once by the next call', async (_, isCommitted) => {
    const called = await aCall();
    const { journal } = await custody.client.health();
    const died: Promise<unknown>[] = [];
    const committing = new Set<unknown>();
    custodyLine.tap = (bytes, direction, connection) => {
      const text = bytes.toString('latin1');
      if (died.length > 0) return false;
      if (direction === 'to-server' && text.includes(JOURNAL)) committing.add(connection);
      const isDue =
        direction === (isCommitted ? 'to-client' : 'to-server') &&
        committing.has(connection) &&
        text.includes('COMMIT');
      if (isDue) died.push(custody.kill());
      return !isDue;
    };

    const answer = await called.send();
    await Promise.all(died);

    expect([answer.status, answer.body.code]).toEqual([503, 'wallet.custody_unavailable']);
    expect(await rowsOf(called.walletId)).toEqual([]);
    custodyLine.tap = () => true;
    await custody.run(custodyLine.url);
    const { journal: after } = await custody.client.health();
    expect(after.sequence - journal.sequence).toBe(isCommitted ? 1 : 0);
    network.chain.now = undefined;
    await expectSentOnce(called);
  });

  ofEveryChain('together with custody is not sent, and is sent once by the next call', async () => {
    const called = await aCall();
    const died: Promise<unknown>[] = [];
    custodyLine.tap = (bytes, direction) => {
      if (direction !== 'to-server' || !bytes.toString('latin1').includes(JOURNAL)) return died.length === 0;
      killing.kill();
      if (died.length === 0) died.push(custody.kill());
      return false;
    };

    const answer = await killedCall(called);
    await Promise.all(died);

    expect(answer.status).toBe(0);
    await until(async () => (await rowsOf(called.walletId)).length === 0);
    expect(takenBy(called.address)).toBe(0);
    network.chain.now = undefined;
    await Promise.all([victim.start(), custody.run(custodyLine.url)]);
    await expectSentOnce(called);
  });

  it('leaves no signature without an act', async () => {
    expect(await app.nest.get(JournalSeal).compare()).toMatchObject({ withoutAct: [] });
  });
});
