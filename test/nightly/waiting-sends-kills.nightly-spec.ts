import { generateKeyRing } from '@countersign/crypto';
import { patience } from '../runner/patience.cjs';
import { describeWithAnvil, useAnvil } from '../support/anvil';
import { aWalletApplication, useCustody } from '../support/embedded-wallets';
import { FakeClock } from '../support/fake-clock';
import { useFakeNode } from '../support/fake-node';
import { signInPerson } from '../support/person-session';
import {
  aFundedWallet,
  broadcast,
  coin,
  look,
  send,
  sendingOn,
  sendOf,
  settleWaiting,
} from '../support/sends';
import { until } from '../support/until';
import { useFixture } from '../support/use-fixture';
import { useDatabaseLine, useTestApp, useTestDatabase } from '../support/use-test-app';

const HOURS_24 = 24 * 3_600;

/** A replica dies while it signs a send that waited: its connections to the database and its nodes are gone. */
describeWithAnvil('a send that waited, and whose replica dies', () => {
  const anvil = useAnvil();
  const [ofVictim, ofVictimToo] = [useFakeNode(() => anvil.url), useFakeNode(() => anvil.url)];
  const [first, second] = [useFakeNode(() => anvil.url), useFakeNode(() => anvil.url)];
  const custody = useCustody();
  const database = useTestDatabase();
  const line = useDatabaseLine(database);
  const shared = { keys: JSON.stringify(generateKeyRing()), clock: new FakeClock() };
  const app = useTestApp(() => ({ ...sendingOn(custody, [first.url, second.url]), ...shared, database }));
  const victim = useTestApp(() => ({
    ...sendingOn(custody, [ofVictim.url, ofVictimToo.url]),
    ...shared,
    database: line.database,
  }));
  const game = useFixture(() =>
    aWalletApplication(app, { acts: ['send'] }, { more: { sends: { firstSendDelayHours: 24 } } }),
  );

  async function die(): Promise<void> {
    for (const node of [ofVictim, ofVictimToo]) node.goAway();
    await line.cut();
  }

  async function aDueSend() {
    const { session, wallet, address } = await aFundedWallet(app, game, anvil);
    const sent = await send(session, wallet, coin(1));
    app.clock.advance(HOURS_24);
    const reader = await signInPerson(app, game, session.person);
    return { wallet, address, sent, read: () => sendOf(reader, wallet, sent) };
  }

  async function expectSentOnce({ address, read }: Awaited<ReturnType<typeof aDueSend>>): Promise<void> {
    app.clock.advance(120 * patience);
    await settleWaiting(app);
    await settleWaiting(app);
    await look(app);
    await broadcast(app);
    await anvil.mine(70);
    await look(app);
    expect(await read()).toMatchObject({ state: 'final', nonce: 0, versions: [{ kind: 'first' }] });
    expect(await anvil.client.getTransactionCount({ address })).toBe(1);
  }

  afterEach(async () => {
    await line.restore();
    await victim.withReplica(() => Promise.resolve());
  });

  it('between the decision and the signature waits on, and is signed by another one', async () => {
    const due = await aDueSend();
    custody.signal('SIGSTOP');
    const settled = settleWaiting(victim).catch(() => undefined);
    const isLocked = async () =>
      (await app.database.query(`SELECT 1 FROM pg_locks WHERE relation = 'wallet_nonces'::regclass`)).length >
      0;
    await until(isLocked);
    await die();
    custody.signal('SIGCONT');
    await settled;
    await until(async () => !(await isLocked()));

    expect(await due.read()).toMatchObject({ state: 'waiting', versions: [] });
    expect(
      await app.database.query('SELECT next FROM wallet_nonces WHERE wallet_id = $1', [due.wallet.walletId]),
    ).toEqual([{ next: '0' }]);
    await expectSentOnce(due);
  });

  it('after the signature and before the first byte is given to the nodes by another one', async () => {
    const due = await aDueSend();
    for (const node of [ofVictim, ofVictimToo])
      node.takeOver(async (body, response) => {
        if (!JSON.stringify(body).includes('eth_sendRawTransaction')) return undefined;
        await die();
        response.destroy();
        return true;
      });
    await settleWaiting(victim).catch(() => undefined);
    await broadcast(victim);

    expect(await due.read()).toMatchObject({ state: 'broadcasting', nonce: 0 });
    expect(await anvil.client.getTransactionCount({ address: due.address })).toBe(0);
    await expectSentOnce(due);
  });
});
