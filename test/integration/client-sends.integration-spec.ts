import {
  createEmbeddedWallet,
  replaceSend,
  sendFromWallet,
  untilAccepted,
  type Send,
  type WalletAct,
} from '@countersign/client/wallets';
import { aPerson } from '../factories';
import { OPEN_RULES } from '../support/custody';
import { describeWithAnvil, useAnvil } from '../support/anvil';
import { Page } from '../support/client-page';
import { aWalletApplication, useCustody } from '../support/embedded-wallets';
import { useTwoNodes } from '../support/fake-node';
import { broadcast, CHAIN, ETHER, FRIEND, look, sendingOn } from '../support/sends';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';

describeWithAnvil('a page that sends', () => {
  const anvil = useAnvil();
  const [first, second] = useTwoNodes(anvil);
  const custody = useCustody();
  const app = useTestApp(() => sendingOn(custody, [first.url, second.url]));
  const game = useFixture(() => aWalletApplication(app, { acts: ['send'] }));
  const request = { kind: 'coin', to: FRIEND, amount: '7' } as const;
  const chainId = CHAIN;

  async function aPage() {
    const person = aPerson();
    const initData = app.initDataOf(game, person);
    const page = new Page(app, game, { initData: () => initData });
    await page.client.signIn();
    const { walletId, address } = await createEmbeddedWallet(page.client, 'evm');
    await anvil.request('anvil_setBalance', [address, `0x${ETHER.toString(16)}`]);
    return { page, client: page.client, walletId, person };
  }

  function readSend(client: Page['client'], walletId: string, { sendId }: Pick<Send, 'sendId'>) {
    return client.call('GET', '/v1/wallets/{walletId}/sends/{sendId}', { path: { walletId, sendId } });
  }

  it('sends once what the person has seen, also where the answer was lost', async () => {
    const { page, client, walletId } = await aPage();
    const shown: (string | null)[] = [];
    const confirm = ({ maxFee, spends }: { maxFee: string | null; spends: readonly { amount: string }[] }) =>
      shown.push(maxFee, spends[0]?.amount ?? null) > 0;
    const before = await anvil.client.getBalance({ address: FRIEND });
    page.network = async (asked, pass) => {
      const answer = await pass(asked);
      if (asked.url.endsWith('/perform')) throw new TypeError('the connection broke');
      return answer;
    };
    await expect(sendFromWallet(client, walletId, chainId, request, 'key-1', confirm)).rejects.toThrow();
    page.network = (asked, pass) => pass(asked);

    const sent = await sendFromWallet(client, walletId, chainId, request, 'key-1', confirm);

    expect(shown).toEqual([expect.stringMatching(/^\d+$/), '7']);
    await broadcast(app);
    await anvil.mine(70);
    await look(app);
    await look(app);
    expect(await readSend(client, walletId, sent)).toMatchObject({ state: 'final', nonce: 0 });
    expect(await anvil.client.getBalance({ address: FRIEND })).toBe(before + 7n);
  });

  it('sends at the consent bot what the rules of custody allow with consent alone', async () => {
    const assets = OPEN_RULES.assets.map(({ walletPerDay, allPerHour, ...asset }) => ({
      ...{ ...asset, walletPerDay: '0', allPerHour: '0' },
      withConsent: { walletPerDay, allPerHour },
    }));
    await custody.reload({ ...OPEN_RULES, assets });
    const { client, walletId, person } = await aPage();
    const { binding } = await createEmbeddedWallet(client, 'evm');
    const opened: Promise<unknown>[] = [];
    const openLink = (link: string) => void opened.push(custody.page.accept({ link }, person));
    await untilAccepted(client, walletId, binding as WalletAct, openLink);
    const before = await anvil.client.getBalance({ address: FRIEND });
    await expect(
      sendFromWallet(client, walletId, chainId, request, 'key-9', () => false, openLink),
    ).rejects.toMatchObject({ code: 'local.declined' });

    const sent = await sendFromWallet(client, walletId, chainId, request, 'key-9', () => true, openLink);

    expect(await Promise.all(opened)).toEqual([{ state: 'done' }, { state: 'accepted' }]);
    await broadcast(app);
    await anvil.mine(70);
    await look(app);
    await look(app);
    expect(await readSend(client, walletId, sent)).toMatchObject({ state: 'final' });
    expect(await anvil.client.getBalance({ address: FRIEND })).toBe(before + 7n);
    await custody.reload(OPEN_RULES);
  });

  it('sends nothing that the person declines, and cancels what waits', async () => {
    const { client, walletId } = await aPage();
    await expect(
      sendFromWallet(client, walletId, chainId, request, 'key-2', () => false),
    ).rejects.toMatchObject({ code: 'local.declined' });
    await anvil.request('evm_setAutomine', [false]);
    const sent = await sendFromWallet(client, walletId, chainId, request, 'key-2', () => true);
    await broadcast(app);

    const faster = await replaceSend(client, walletId, sent, 'speed-up', () => true);
    const cancelled = await replaceSend(client, walletId, sent, 'cancel', () => true);

    expect(faster.versions.map(({ kind }) => kind)).toEqual(['first', 'speed-up']);
    expect(cancelled.versions.map(({ kind }) => kind)).toEqual(['first', 'speed-up', 'cancel']);
    await broadcast(app);
    await anvil.mine(70);
    await look(app);
    await look(app);
    expect((await readSend(client, walletId, sent)).block).toMatchObject({ kind: 'cancel' });
    await anvil.request('evm_setAutomine', [true]);
  });
});
