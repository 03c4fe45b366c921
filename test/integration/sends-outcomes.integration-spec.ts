import { type Hex } from 'viem';
import { describeWithAnvil, useAnvil } from '../support/anvil';
import { aWalletApplication, useCustody } from '../support/embedded-wallets';
import { useTwoNodes } from '../support/fake-node';
import {
  aFundedWallet,
  broadcast,
  FRIEND,
  look,
  replaceSend,
  send,
  sendingOn,
  sendOf,
  type SendBody,
} from '../support/sends';
import { useFixture } from '../support/use-fixture';
import { eventsOf, subscribe, unsubscribe } from '../support/told-events';
import { useTestApp } from '../support/use-test-app';

const REVERTS = '0x60006000fd';

describeWithAnvil('what becomes of a send', () => {
  const anvil = useAnvil();
  const [first, second] = useTwoNodes(anvil);
  const custody = useCustody();
  const app = useTestApp(() => sendingOn(custody, [first.url, second.url]));
  const game = useFixture(() => aWalletApplication(app, { acts: ['send'] }));
  const funded = () => aFundedWallet(app, game, anvil);
  const count = (address: Hex) => anvil.client.getTransactionCount({ address });

  beforeEach(() => anvil.request('evm_setAutomine', [false]));

  async function mine(blocks: number): Promise<void> {
    await anvil.mine(blocks);
    await look(app);
  }

  it('that is reverted is failed when its block is final, moved nothing, and used its nonce', async () => {
    const { session, wallet, address } = await funded();
    await subscribe(app.database, ['wallet.send_failed', 'wallet.send_final']);
    await anvil.request('evm_setAutomine', [true]);
    const token = await anvil.deploy('TestErc20', ['Coin', 'COIN', 18]);
    await anvil.write(token, 'mint', [address, 100n]);
    await anvil.request('evm_setAutomine', [false]);
    const sent = await send(session, wallet, {
      kind: 'token',
      token: token.address,
      to: FRIEND,
      amount: '30',
    });
    await broadcast(app);
    // What it would do changes before a block has it.
    const code = await anvil.client.getCode(token);
    await anvil.request('anvil_setCode', [token.address, REVERTS]);
    await mine(1);
    expect(await sendOf(session, wallet, sent)).toMatchObject({
      state: 'mined',
      block: { isSuccessful: false },
    });

    await mine(70);

    expect(await sendOf(session, wallet, sent)).toMatchObject({
      state: 'failed',
      block: { isSuccessful: false, transaction: sent.versions[0]?.hash },
    });
    await anvil.request('anvil_setCode', [token.address, code]);
    expect(await anvil.read(token, 'balanceOf', [FRIEND])).toBe(0n);
    expect(await count(address)).toBe(1);
    const next = await send(session, wallet);
    expect(next).toMatchObject({ nonce: 1 });
    await broadcast(app);
    await mine(70);
    await unsubscribe(app.database);
    const { applicationId } = game;
    expect(await eventsOf(app.database)).toMatchObject(
      (
        [
          ['wallet.send_failed', sent],
          ['wallet.send_final', next],
        ] as const
      ).map(([type, { sendId }]) => ({
        ...{ type, applicationIds: [applicationId] },
        data: { userId: session.userId, walletId: wallet.walletId, sendId },
      })),
    );
  });

  it('that a fork drops is mined by nobody else: one node that denies the fork keeps it mined, two move it', async () => {
    const { session, wallet, address } = await funded();
    const sent = await send(session, wallet);
    await broadcast(app);
    await mine(1);
    const mined = await sendOf(session, wallet, sent);
    expect(mined.state).toBe('mined');
    const stale = await anvil.request('eth_getTransactionReceipt', [sent.versions[0]?.hash]);
    await anvil.reorg(1);
    first.lie('eth_getTransactionReceipt', stale);
    first.lie('eth_getTransactionCount', '0x1');

    await look(app);
    expect(await sendOf(session, wallet, sent)).toMatchObject({ state: 'mined', block: mined.block });
    first.recover();
    await look(app);

    // It was given to the nodes again.
    expect(await sendOf(session, wallet, sent)).toMatchObject({ state: 'broadcasting', block: null });
    await mine(1);
    const again = await sendOf(session, wallet, sent);
    expect(again).toMatchObject({ state: 'mined', block: { transaction: sent.versions[0]?.hash } });
    expect(again.block?.hash).not.toBe(mined.block?.hash);
    await mine(70);
    expect((await sendOf(session, wallet, sent)).state).toBe('final');
    expect(await count(address)).toBe(1);
  });

  it('that a fork drops for another version of it is final by that one', async () => {
    const { session, wallet } = await funded();
    const sent = await send(session, wallet);
    await broadcast(app);
    const [raw] = first.requests.filter(({ method }) => method === 'eth_sendRawTransaction');
    const faster = (await replaceSend(session, wallet, sent.sendId, 'speed-up')).body as SendBody;
    await broadcast(app);
    await mine(1);
    expect(await sendOf(session, wallet, sent)).toMatchObject({
      ...{ state: 'mined', block: { kind: 'speed-up', transaction: faster.versions[1]?.hash } },
    });

    await anvil.reorg(1, [[(raw?.params as [Hex])[0], 0]]);
    await look(app);

    expect(await sendOf(session, wallet, sent)).toMatchObject({
      ...{ state: 'mined', block: { kind: 'first', transaction: sent.versions[0]?.hash } },
    });
    await mine(70);
    expect(await sendOf(session, wallet, sent)).toMatchObject({ state: 'final', block: { kind: 'first' } });
  });

  describe('after a backup without its last version is restored', () => {
    async function restored(kind: 'speed-up' | 'cancel') {
      const owner = await funded();
      const sent = await send(owner.session, owner.wallet);
      await broadcast(app);
      const { body } = await replaceSend(owner.session, owner.wallet, sent.sendId, kind);
      const lost = (body as SendBody).versions[1]?.hash;
      await broadcast(app);
      await anvil.mine(70);
      await app.database.query('DELETE FROM send_versions WHERE send_id = $1 AND number = 2', [sent.sendId]);
      await look(app);
      return { lost, found: await sendOf(owner.session, owner.wallet, sent) };
    }

    it('is final where that did the same: the coins are moved', async () => {
      const { lost, found } = await restored('speed-up');
      expect(found).toMatchObject({
        state: 'final',
        block: { transaction: lost, kind: 'first', isSuccessful: true },
        replacedBy: null,
      });
      expect(found.versions.map(({ hash }) => hash)).not.toContain(lost);
    });

    it('is replaced where that moved nothing', async () => {
      const { lost, found } = await restored('cancel');
      expect(found).toMatchObject({ state: 'replaced', block: null, replacedBy: lost });
    });
  });
});
