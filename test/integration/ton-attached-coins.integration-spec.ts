import { OPEN_RULES } from '../support/custody';
import { askForAct, aWalletApplication, useCustody } from '../support/embedded-wallets';
import { expectProblem } from '../support/expect-problem';
import { broadcast, look, type SendBody } from '../support/sends';
import { greedyItem, greedyJetton } from '../support/ton/greedy-contracts';
import { useTonApi } from '../support/ton/ton-api';
import { aTonSender, sendingOnTon, sendOnTon, TON_CAPS, type TonSender } from '../support/ton/ton-embedded';
import { JETTON, TonNetwork } from '../support/ton/ton-network';
import { TON } from '../support/ton/ton-owner';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';

const FRIEND = `0:${'cd'.repeat(32)}`;
const ATTACHED = BigInt(TON_CAPS.attached);
/** What custody counts for each message. */
const NETWORK_FEE = 50_000_000n;

describe('coins that go along with jettons and collectibles', () => {
  const network = useFixture(() => TonNetwork.create());
  const [first, second] = [useTonApi(network), useTonApi(network)];
  const custody = useCustody();
  const app = useTestApp(() => sendingOnTon(custody, [first, second]));
  const game = useFixture(() => aWalletApplication(app, { acts: ['send'] }));
  // The time of custody.
  beforeEach(() => {
    network.chain.now = undefined;
  });

  async function finish(): Promise<void> {
    await broadcast(app);
    await look(app);
  }

  const listOf = async ({ session, wallet }: TonSender) =>
    (
      (await session.get(`/v1/wallets/${wallet.walletId}/sends`)).body as {
        items: readonly SendBody[];
      }
    ).items;
  const much = { walletPerDay: String(10n ** 12n), allPerHour: String(10n ** 12n) };

  it('are refused above the coins that the rules allow, as coins that are sent openly', async () => {
    const rulesFor = (coins: bigint) => ({
      assets: [
        { chain: TON, token: null, ...much, walletPerDay: String(coins + NETWORK_FEE) },
        { chain: TON, token: '*', kind: 'collectible', ...much },
      ],
    });
    const sender = await aTonSender(app, game, network);
    const contract = await greedyItem(network, sender.address);
    const request = { kind: 'collectible', item: contract.toRawString(), to: FRIEND };
    const before = await network.balanceOf(contract);
    await custody.reload(rulesFor(ATTACHED - 1n));

    const openly = { kind: 'coin', to: contract.toRawString(), amount: String(ATTACHED) };
    for (const refused of [request, request, openly]) {
      const asked = { kind: 'send', chainId: TON, request: refused };
      expectProblem(await askForAct(sender.session, sender.wallet, asked), 403, 'wallet.above_day_limit');
    }

    await finish();
    expect(await network.balanceOf(contract)).toBe(before);
    expect(await listOf(sender)).toEqual([]);
    await custody.reload(rulesFor(ATTACHED));
    const sent = await sendOnTon(sender, request);
    await finish();
    await custody.reload(OPEN_RULES);
    expect((await network.balanceOf(contract)) - before).toBeGreaterThan(ATTACHED / 2n);
    expect(sent.details).toMatchObject({
      spends: [{ amount: '1' }, { token: null, amount: String(ATTACHED), to: contract.toRawString() }],
    });
  });

  it('go to no wallet of jettons that is not of their code, also where the rules name the master', async () => {
    const sender = await aTonSender(app, game, network);
    const { master, wallet } = await greedyJetton(network, sender.address);
    const rule = { chain: TON, token: master.toRawString(), jetton: JETTON, ...much };
    await custody.reload({ assets: [{ chain: TON, token: null, ...much }, rule] });

    const request = { kind: 'jetton', master: master.toRawString(), to: FRIEND, amount: '1' };
    const asked = { kind: 'send', chainId: TON, request };
    expectProblem(await askForAct(sender.session, sender.wallet, asked), 403, 'wallet.asset_not_allowed');
    await finish();
    expect(await network.balanceOf(wallet)).toBe(1n);
    expect(await listOf(sender)).toEqual([]);
    await custody.reload(OPEN_RULES);
  });
});
