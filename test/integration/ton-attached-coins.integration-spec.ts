import type { Address } from '@ton/core';
import { aWalletApplication, useCustody } from '../support/embedded-wallets';
import { expectProblem } from '../support/expect-problem';
import { aKey, broadcast, callSend, look, sendOf, type SendBody } from '../support/sends';
import { greedyItem, greedyJetton } from '../support/ton/greedy-contracts';
import { useTonApi } from '../support/ton/ton-api';
import {
  aTonSender,
  permitOnTon,
  sendingOnTon,
  sendOnTon,
  TON_CAPS,
  type TonSender,
} from '../support/ton/ton-embedded';
import { TonNetwork, type Token } from '../support/ton/ton-network';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';

const FRIEND = `0:${'cd'.repeat(32)}`;
const ATTACHED = BigInt(TON_CAPS.attached);

describe('coins that go along with jettons and collectibles', () => {
  const network = useFixture(() => TonNetwork.create());
  const [first, second] = [useTonApi(network), useTonApi(network)];
  const custody = useCustody();
  const listed = useFixture(() => network.jetton('TEA'));
  const rawOf = ({ address }: Token) => address.toRawString();
  const app = useTestApp(() =>
    sendingOnTon(
      custody,
      [first, second],
      {},
      { tokens: [{ address: rawOf(listed), symbol: 'TEA', decimals: 9 }] },
    ),
  );
  const careful = useFixture(() =>
    aWalletApplication(app, { acts: ['send'] }, { more: { sends: { recipients: [FRIEND] } } }),
  );
  // The time of custody.
  beforeEach(() => {
    network.chain.now = undefined;
  });

  async function finish(): Promise<void> {
    await broadcast(app);
    await look(app);
  }

  async function jettons(owner: Address, token?: Token): Promise<object> {
    const master = token ?? (await network.jetton('MILK'));
    await network.mint(master, owner, 9n);
    return { kind: 'jetton', master: rawOf(master), to: FRIEND, amount: '1' };
  }

  /** A request that names the friend, and the contract of a thief, which gets the coins. */
  type Attack = (owner: Address) => Promise<{ readonly request: object; readonly contract: Address }>;
  const attacks: readonly (readonly [string, Attack])[] = [
    [
      'a collectible of a thief',
      async (owner) => {
        const contract = await greedyItem(network, owner);
        return { request: { kind: 'collectible', item: contract.toRawString(), to: FRIEND }, contract };
      },
    ],
    [
      'jettons of a thief',
      async (owner) => {
        const { master, wallet } = await greedyJetton(network, owner);
        return {
          request: { kind: 'jetton', master: master.toRawString(), to: FRIEND, amount: '1' },
          contract: wallet,
        };
      },
    ],
  ];

  const listOf = async ({ session, wallet }: TonSender) =>
    (
      (await session.get(`/v1/wallets/${wallet.walletId}/sends`)).body as {
        items: readonly SendBody[];
      }
    ).items;
  describe.each(attacks)('of %s', (_, attack) => {
    it('leave for it where nothing limits them', async () => {
      const game = await aWalletApplication(app, { acts: ['send'] });
      const sender = await aTonSender(app, game, network);
      const { request, contract } = await attack(sender.address);
      const before = await network.balanceOf(contract);

      const sent = await sendOnTon(sender, request);

      await finish();
      expect((await network.balanceOf(contract)) - before).toBeGreaterThan(ATTACHED / 2n);
      expect(sent.details).toMatchObject({
        spends: [{ amount: '1' }, { token: null, amount: String(ATTACHED), to: contract.toRawString() }],
      });
    });

    it('are refused where the application allows other recipients alone', async () => {
      const sender = await aTonSender(app, careful, network);
      const { request, contract } = await attack(sender.address);
      const before = await network.balanceOf(contract);
      const stored = await listOf(sender);

      for (let times = 0; times < 3; times += 1) {
        const call = { ...(await permitOnTon(sender, request)), key: aKey() };
        expectProblem(await callSend(sender.session, sender.wallet, call), 403, 'send.recipient_not_allowed');
      }

      await finish();
      expect(await network.balanceOf(contract)).toBe(before);
      expect(await listOf(sender)).toEqual(stored);
    });
  });

  it('go to the contract of a listed jetton where only other recipients are allowed', async () => {
    const sender = await aTonSender(app, careful, network);

    const sent = await sendOnTon(sender, await jettons(sender.address, listed));

    await finish();
    expect(await sendOf(sender.session, sender.wallet, sent)).toMatchObject({
      ...{ state: 'final', outcome: 'delivered' },
    });
    const call = { ...(await permitOnTon(sender, await jettons(sender.address))), key: aKey() };
    expectProblem(await callSend(sender.session, sender.wallet, call), 403, 'send.recipient_not_allowed');
  });
});
