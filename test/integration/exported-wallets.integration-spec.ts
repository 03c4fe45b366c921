import { createWalletClient, http } from 'viem';
import { mnemonicToAccount } from 'viem/accounts';
import { ExportedWallets } from '@countersign/sending';
import { describeWithAnvil, useAnvil } from '../support/anvil';
import { aWalletApplication, tokenForExport, useCustody } from '../support/embedded-wallets';
import { useFakeNode } from '../support/fake-node';
import { aFundedWallet, broadcast, FRIEND, send, sendingOn } from '../support/sends';
import { eventsOf, subscribe } from '../support/told-events';
import { useFixture } from '../support/use-fixture';
import { useReplica, useTestApp } from '../support/use-test-app';

describeWithAnvil('an exported wallet', () => {
  const anvil = useAnvil();
  const first = useFakeNode(() => anvil.url);
  const second = useFakeNode(() => anvil.url);
  const custody = useCustody();
  const app = useTestApp(() => sendingOn(custody, [first.url, second.url]));
  const replica = useReplica(app);
  const game = useFixture(() => aWalletApplication(app, { acts: ['send', 'export'] }));

  /** A wallet that sent once, and was exported then. */
  async function exported() {
    const { session, wallet } = await aFundedWallet(app, game, anvil);
    await send(session, wallet);
    await broadcast(app);
    await anvil.mine();
    const { stepped, walletToken } = await tokenForExport(app, game, session, wallet);
    const { body } = await stepped.post(`/v1/wallets/${wallet.walletId}/export`, { walletToken });
    const { words } = body as { words: string };
    const path = `/v1/wallets/${wallet.walletId}/embedded`;
    const usedElsewhereAt = async () =>
      ((await stepped.get(path)).body as { usedElsewhereAt: string | null }).usedElsewhereAt;
    return { wallet, words, usedElsewhereAt };
  }
  const check = () => app.nest.get(ExportedWallets, { strict: false }).run();
  const noted = async (walletId: string) =>
    (await eventsOf(app.database)).filter(
      ({ type, data }) =>
        type === 'wallet.used_elsewhere' && (data as { walletId?: string }).walletId === walletId,
    );
  beforeAll(() => subscribe(app.database, ['wallet.used_elsewhere']));

  it('is called used elsewhere once, when two nodes have a transaction that the service did not send', async () => {
    const { wallet, words, usedElsewhereAt } = await exported();
    await check();
    expect(await usedElsewhereAt()).toBeNull();

    const account = mnemonicToAccount(words);
    const client = createWalletClient({ account, transport: http(anvil.url) });
    await client.sendTransaction({ chain: null, to: FRIEND, value: 1n });
    await anvil.mine();
    const other = replica.nest.get(ExportedWallets, { strict: false });
    await Promise.all([check(), other.run(), check()]);

    expect(await usedElsewhereAt()).toBe(app.clock.now().toISOString());
    expect(await noted(wallet.walletId)).toHaveLength(1);
  });

  it('is not called so by one node, or while one is away', async () => {
    const { wallet, usedElsewhereAt } = await exported();
    first.lie('eth_getTransactionCount', '0x9');
    await check();
    second.goAway();
    await check();
    first.recover();
    second.recover();

    expect(await usedElsewhereAt()).toBeNull();
    expect(await noted(wallet.walletId)).toEqual([]);
  });
});
