import { ErasureCompletion, ErasureService } from '@countersign/account';
import { DAY } from '@countersign/runtime';
import { mergeAccounts } from '../support/accounts';
import { describeWithAnvil, useAnvil } from '../support/anvil';
import { chainsDocument } from '../support/chains';
import { aWalletApplication, environmentOf, useCustody } from '../support/embedded-wallets';
import { useFakeNode } from '../support/fake-node';
import { signInPerson } from '../support/person-session';
import { aFundedWallet, broadcast, look, send, sendingOn, sendOf } from '../support/sends';
import { TestApp } from '../support/test-app';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';
import { SITE } from '../support/wallets';

const DAY_SECONDS = DAY / 1_000;

describeWithAnvil('an open send', () => {
  const anvil = useAnvil();
  const other = useFakeNode(() => anvil.url);
  const custody = useCustody();
  const app = useTestApp(() => sendingOn(custody, [anvil.url, other.url]));
  const game = useFixture(() => aWalletApplication(app, { acts: ['send'] }, { origins: [SITE] }));

  beforeEach(() => anvil.request('evm_setAutomine', [false]));
  afterEach(() => anvil.request('evm_setAutomine', [true]));

  async function anOpenSend() {
    const funded = await aFundedWallet(app, game, anvil);
    const sent = await send(funded.session, funded.wallet);
    await broadcast(app);
    return { ...funded, sent };
  }

  /** Until nodes call its block final. */
  async function finish(): Promise<void> {
    await anvil.request('evm_setAutomine', [true]);
    await anvil.mine(70);
    await look(app);
  }

  const stateOf = async (sendId: string): Promise<string | undefined> => {
    const [row] = await app.database.query<{ state: string }>('SELECT state FROM sends WHERE id = $1', [
      sendId,
    ]);
    return row?.state;
  };

  describe('and an erasure', () => {
    const erase = (userId: string, walletId: string) =>
      app.nest.get(ErasureService).eraseFor(userId, 'ticket-1', true, [walletId]);
    const isThere = async (userId: string) =>
      (await app.database.query('SELECT 1 FROM users WHERE id = $1', [userId])).length === 1;

    it('which waits until it is final', async () => {
      const { session, wallet, sent } = await anOpenSend();

      expect(await erase(session.userId, wallet.walletId)).toMatchObject({ erasesAt: expect.any(Date) });
      app.clock.advance(1);
      await app.nest.get(ErasureCompletion).run();
      expect(await isThere(session.userId)).toBe(true);
      await finish();
      expect(await stateOf(sent.sendId)).toBe('final');
      await app.nest.get(ErasureCompletion).run();

      expect([await isThere(session.userId), await stateOf(sent.sendId)]).toEqual([false, undefined]);
    });

    it('which waits a week for one that no block takes', async () => {
      const { session, wallet, sent } = await anOpenSend();
      await erase(session.userId, wallet.walletId);
      app.clock.advance(7 * DAY_SECONDS - 60);
      const completion = app.nest.get(ErasureCompletion);
      await completion.completeDue(app.clock.now());
      expect(await isThere(session.userId)).toBe(true);
      app.clock.advance(61);

      await completion.completeDue(app.clock.now());

      expect([await isThere(session.userId), await stateOf(sent.sendId)]).toEqual([false, undefined]);
    });
  });

  it('of the surviving account goes on after a merge', async () => {
    const { session, wallet, sent } = await anOpenSend();
    const other = await signInPerson(app, game);
    app.clock.advance(1);

    await mergeAccounts(app, game, session, other);

    await finish();
    const again = await signInPerson(app, game, session.person);
    expect(await sendOf(again, wallet, sent)).toMatchObject({ state: 'final' });
  });

  it('of a deactivated account is followed to its end', async () => {
    const { session, sent } = await anOpenSend();
    await app.database.query(`UPDATE users SET status = 'deactivated' WHERE id = $1`, [session.userId]);
    await anvil.request('anvil_dropAllTransactions');
    app.clock.advance(60);

    // Given to the nodes again, as any other.
    await look(app);
    await finish();

    expect(await stateOf(sent.sendId)).toBe('final');
  });

  it('on a chain that is taken out of the file stays as it is, and is followed when it is back', async () => {
    const [erased, { session, wallet, sent }] = [await anOpenSend(), await anOpenSend()];
    const { database, keys, clock, telegram } = app;
    const CHAINS = chainsDocument({ chainId: 'eip155:1', rpcUrls: [anvil.url], mayNameAddresses: false });
    const environment = { ...environmentOf(custody).environment, CHAINS };
    const later = await TestApp.start({ database, keys, clock, telegram, environment });
    try {
      await look(later);
      const again = await signInPerson(later, game, session.person);
      expect(await sendOf(again, wallet, sent)).toMatchObject({ state: 'broadcasting' });
      // No erasure waits for what no node is asked for.
      const { userId } = erased.session;
      const { walletId } = erased.wallet;
      const erasures = later.nest.get(ErasureService);
      expect(await erasures.eraseFor(userId, 'ticket-1', true, [walletId])).toMatchObject({ erasesAt: null });
    } finally {
      await later.close();
    }
    await finish();
    expect(await stateOf(sent.sendId)).toBe('final');
  });
});
