import type { Address } from 'viem';
import { generateKeyRing } from '@countersign/crypto';
import { describeWithAnvil, useAnvil } from '../support/anvil';
import { aWalletApplication, useCustody } from '../support/embedded-wallets';
import { FakeClock } from '../support/fake-clock';
import { useTwoNodes } from '../support/fake-node';
import type { WalletBody } from '../support/linked-wallets';
import type { PersonSession } from '../support/person-session';
import {
  aFundedWallet,
  broadcast,
  callSend,
  look,
  permit,
  sendingOn,
  sendOf,
  type SendBody,
} from '../support/sends';
import { useFixture } from '../support/use-fixture';
import { useDatabaseLine, useReplica, useTestApp, useTestDatabase } from '../support/use-test-app';

/**
 * A replica dies while it follows a send: its connections to the database are reset, and its nodes get nothing more from it. Where
 * its process is killed while it makes one is in `sends-kills-evm.nightly-spec`.
 */
describeWithAnvil('a send whose follower dies', () => {
  const anvil = useAnvil();
  const [ofVictim, ofVictimToo] = useTwoNodes(anvil);
  const [first, second] = useTwoNodes(anvil);
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

  async function die(): Promise<void> {
    for (const node of [ofVictim, ofVictimToo]) node.goAway();
    await line.cut();
  }

  async function aCall() {
    const { session, wallet, address } = await aFundedWallet(app, game, anvil);
    return { session, wallet, address, call: await permit(session, wallet) };
  }

  const rowsOf = ({ walletId }: WalletBody) =>
    app.database.query('SELECT state FROM sends WHERE wallet_id = $1', [walletId]);

  /** The same key on another replica names one send, which is in the chain once. */
  async function expectSentOnce(of: {
    readonly session: PersonSession;
    readonly wallet: WalletBody;
    readonly address: Address;
    readonly call: { readonly actId: string };
  }): Promise<void> {
    const { session, wallet, address, call } = of;
    const again = await callSend(session, wallet, call);
    expect(again.status).toBe(200);
    // The lease of the dead replica ends.
    app.clock.advance(60);
    await Promise.all([look(app), look(third)]);
    await Promise.all([broadcast(app), broadcast(third)]);
    await anvil.mine(70);
    app.clock.advance(60);
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
    app.clock.advance(60);
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
    for (const call of others) await callSend(made.session, made.wallet, call);
    await broadcast(app);
    for (const node of [first, second]) node.requests.length = 0;
    await Promise.all([look(app), look(third), look(victim)]);

    const methods = [first, second, ofVictim, ofVictimToo].flatMap((node) => node.methods());
    const counts = methods.filter((method) => method === 'eth_getTransactionCount');
    expect(counts).toHaveLength(2);
    await anvil.request('evm_setAutomine', [true]);
  });
});
