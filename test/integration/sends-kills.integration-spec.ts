import type { Address } from 'viem';
import { generateKeyRing } from '@countersign/crypto';
import { patience } from '../runner/patience.cjs';
import { describeWithAnvil, useAnvil } from '../support/anvil';
import { aWalletApplication, useCustody } from '../support/embedded-wallets';
import { FakeClock } from '../support/fake-clock';
import { useFakeNode } from '../support/fake-node';
import type { WalletBody } from '../support/linked-wallets';
import type { PersonSession } from '../support/person-session';
import {
  aFundedWallet,
  aKey,
  broadcast,
  callSend,
  look,
  permit,
  sendingOn,
  sendOf,
  type SendBody,
} from '../support/sends';
import { until } from '../support/until';
import { useFixture } from '../support/use-fixture';
import { useDatabaseLine, useReplica, useTestApp, useTestDatabase } from '../support/use-test-app';

/**
 * A replica dies at each step of a send: its connections to the database are reset, and its nodes get nothing more from it. The
 * others find what it left.
 */
describeWithAnvil('a send whose replica dies', () => {
  const anvil = useAnvil();
  const [ofVictim, ofVictimToo] = [useFakeNode(() => anvil.url), useFakeNode(() => anvil.url)];
  const [first, second] = [useFakeNode(() => anvil.url), useFakeNode(() => anvil.url)];
  const custody = useCustody();
  const database = useTestDatabase();
  const line = useDatabaseLine(database);
  const shared = { keys: JSON.stringify(generateKeyRing()), clock: new FakeClock() };
  const app = useTestApp(() => ({ ...sendingOn(custody, [first.url, second.url]), ...shared, database }));
  const third = useReplica(app);
  const victim = useTestApp(() => ({
    ...sendingOn(custody, [ofVictim.url, ofVictimToo.url]),
    ...shared,
    database: line.database,
  }));
  const game = useFixture(() => aWalletApplication(app, { acts: ['send'] }));

  /** The session, on the replica that dies. */
  function sendAtVictim({ accessToken }: PersonSession, { walletId }: WalletBody, call: object) {
    return victim.http
      .post(`/v1/wallets/${walletId}/sends`)
      .set('authorization', `Bearer ${accessToken}`)
      .send(call);
  }

  async function die(): Promise<void> {
    for (const node of [ofVictim, ofVictimToo]) node.goAway();
    await line.cut();
  }

  async function aCall() {
    const { session, wallet, address } = await aFundedWallet(app, game, anvil);
    return { session, wallet, address, call: { ...(await permit(session, wallet)), key: aKey() } };
  }

  const rowsOf = ({ walletId }: WalletBody) =>
    app.database.query('SELECT state FROM sends WHERE wallet_id = $1', [walletId]);

  /** The same key on another replica names one send, which is in the chain once. */
  async function expectSentOnce(of: {
    readonly session: PersonSession;
    readonly wallet: WalletBody;
    readonly address: Address;
    readonly call: object;
  }): Promise<void> {
    const { session, wallet, address, call } = of;
    const again = await callSend(session, wallet, call);
    expect(again.status).toBe(201);
    // The lease of the dead replica ends.
    app.clock.advance(60 * patience);
    await Promise.all([look(app), look(third)]);
    await Promise.all([broadcast(app), broadcast(third)]);
    await anvil.mine(70);
    app.clock.advance(60 * patience);
    await Promise.all([look(app), look(third)]);
    expect((await sendOf(session, wallet, again.body as SendBody)).state).toBe('final');
    expect(await anvil.client.getTransactionCount({ address })).toBe(1);
    expect(await rowsOf(wallet)).toHaveLength(1);
    expect((await callSend(session, wallet, call)).body).toMatchObject({
      sendId: (again.body as SendBody).sendId,
    });
  }

  afterEach(async () => {
    await line.restore();
    await victim.withReplica(() => Promise.resolve());
  });

  it('while custody signs left nothing, and the same call sends it once', async () => {
    const made = await aCall();
    const { journal } = await custody.client.health();
    custody.signal('SIGSTOP');
    const answer = sendAtVictim(made.session, made.wallet, made.call).then(({ status }) => status);
    const isLocked = async () =>
      (await app.database.query(`SELECT 1 FROM pg_locks WHERE relation = 'wallet_nonces'::regclass`)).length >
      0;
    await until(isLocked);
    await die();
    custody.signal('SIGCONT');

    expect(await answer).toBe(503);
    await until(async () => !(await isLocked()));
    expect(await rowsOf(made.wallet)).toEqual([]);
    // Custody signed, and the signature went nowhere.
    expect((await custody.client.health()).journal.sequence).toBeGreaterThanOrEqual(journal.sequence);
    await expectSentOnce(made);
  });

  it('after the commit and before the first byte is sent once by another one', async () => {
    const made = await aCall();
    for (const node of [ofVictim, ofVictimToo])
      node.takeOver(async (body, response) => {
        if (!JSON.stringify(body).includes('eth_sendRawTransaction')) return undefined;
        await die();
        response.destroy();
        return true;
      });
    await sendAtVictim(made.session, made.wallet, made.call).catch(() => undefined);
    await until(async () => (await rowsOf(made.wallet)).length > 0);
    await broadcast(victim);

    expect(await anvil.client.getTransactionCount({ address: made.address })).toBe(0);
    expect(await rowsOf(made.wallet)).toEqual([{ state: 'broadcasting' }]);
    await expectSentOnce(made);
  });

  it('when one node has the bytes and no answer is stored is not sent again', async () => {
    const made = await aCall();
    ofVictimToo.lie('eth_sendRawTransaction', null);
    ofVictim.lie('eth_sendRawTransaction', async (_params: unknown, truth: () => Promise<unknown>) => {
      const hash = await truth();
      await die();
      return hash;
    });
    await sendAtVictim(made.session, made.wallet, made.call).catch(() => undefined);
    await broadcast(victim);
    await until(async () => (await anvil.client.getTransactionCount({ address: made.address })) === 1);

    expect(
      await app.database.query('SELECT 1 FROM send_answers JOIN sends ON id = send_id WHERE wallet_id = $1', [
        made.wallet.walletId,
      ]),
    ).toEqual([]);
    await expectSentOnce(made);
  });

  it('while it looks at a block is followed by another one, once the lease has ended', async () => {
    const made = await aCall();
    await callSend(made.session, made.wallet, made.call);
    await broadcast(app);
    await anvil.mine();
    ofVictim.lie('eth_getTransactionReceipt', async (_params: unknown, truth: () => Promise<unknown>) => {
      const receipt = await truth();
      await die();
      return receipt;
    });
    // It takes the lease that another one had.
    app.clock.advance(60 * patience);
    await expect(look(victim)).rejects.toThrow();
    first.requests.length = 0;
    await look(app);
    // The dead replica has the lease still.
    expect(first.methods()).toEqual([]);
    expect(await rowsOf(made.wallet)).toEqual([{ state: 'broadcasting' }]);
    await expectSentOnce(made);
  });

  it('is looked at by one of three replicas at a time, with one request for all that wait', async () => {
    const made = await aCall();
    await anvil.request('evm_setAutomine', [false]);
    await callSend(made.session, made.wallet, made.call);
    const others = await Promise.all([1, 2, 3].map(() => permit(made.session, made.wallet)));
    for (const call of others) await callSend(made.session, made.wallet, { ...call, key: aKey() });
    await broadcast(app);
    for (const node of [first, second]) node.requests.length = 0;
    await Promise.all([look(app), look(third), look(victim)]);

    const methods = [first, second, ofVictim, ofVictimToo].flatMap((node) => node.methods());
    const counts = methods.filter((method) => method === 'eth_getTransactionCount');
    expect(counts).toHaveLength(2);
    await anvil.request('evm_setAutomine', [true]);
  });
});
