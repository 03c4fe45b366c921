import { times } from '../factories';
import { describeWithAnvil, useAnvil } from '../support/anvil';
import { OPEN_RULES } from '../support/custody';
import { askForAct, aWalletApplication, useCustody, type ActBody } from '../support/embedded-wallets';
import { expectProblem } from '../support/expect-problem';
import { useTwoNodes } from '../support/fake-node';
import type { WalletBody } from '../support/linked-wallets';
import type { PersonSession } from '../support/person-session';
import {
  aFundedWallet,
  attemptSend,
  broadcast,
  callSend,
  CAPS,
  CHAIN,
  coin,
  countOf,
  ETHER,
  FRIEND,
  permit,
  replaceSend,
  send,
  sendingOn,
} from '../support/sends';
import { useFixture } from '../support/use-fixture';
import { useReplica, useTestApp } from '../support/use-test-app';

const HOUR = 3_600;
/** Of a window of a day, a sixtieth counts longer. */
const DAY_PART = 24 * 60;

const STRANGER = `0x${'66'.repeat(20)}`;

describeWithAnvil('limits of sends', () => {
  const anvil = useAnvil();
  const [first, second] = useTwoNodes(anvil);
  const custody = useCustody();
  const token = useFixture(() => anvil.deploy('TestErc20', ['Coin', 'COIN', 18]));
  const app = useTestApp(() => sendingOn(custody, [first.url, second.url]));
  const replica = useReplica(app);
  const at = (index: number) => (index % 2 === 0 ? app : replica);
  const game = useFixture(() => aWalletApplication(app, { acts: ['send'] }));

  const funded = (coins?: bigint) => aFundedWallet(app, game, anvil, coins);
  const attempt = (session: PersonSession, wallet: WalletBody, request: object = coin(), replicaIndex = 0) =>
    attemptSend(at(replicaIndex), session, wallet, request);

  const storedOf = async ({ walletId }: WalletBody) =>
    Promise.all(
      ['sends', 'wallet_nonces'].map((table) =>
        app.database.query(`SELECT * FROM ${table} WHERE wallet_id = $1`, [walletId]),
      ),
    );

  describe('of custody', () => {
    const ofCoin = {
      chain: CHAIN,
      token: null,
      walletPerDay: String(ETHER),
      allPerHour: String(10n * ETHER),
    };
    const limiting = (amounts: object) =>
      custody.reload({ assets: [ofCoin, { ...ofCoin, token: token.address, ...amounts }] });
    const some = (amount: number) => ({
      ...{ kind: 'token', token: token.address, to: FRIEND, amount: String(amount) },
    });
    const withTokens = async () => {
      const owner = await funded();
      await anvil.write(token, 'mint', [owner.address, 100n]);
      return owner;
    };
    afterEach(() => custody.reload(OPEN_RULES));

    it('refuse a send, leave nothing, and its token, key and nonce serve later', async () => {
      const { session, wallet } = await funded();
      const call = await permit(session, wallet);
      const rules = (walletPerDay: string) => ({
        assets: [{ chain: CHAIN, token: null, walletPerDay, allPerHour: '1' }],
      });
      for (const [refusing, status, code] of [
        [{}, 403, 'wallet.asset_not_allowed'],
        [rules('1'), 403, 'wallet.above_day_limit'],
        [rules(String(ETHER)), 429, 'wallet.above_hour_limit'],
      ] as const) {
        await custody.reload(refusing);
        expectProblem(await callSend(session, wallet, call), status, code);
        expect(await storedOf(wallet)).toEqual([[], []]);
      }

      await custody.reload(OPEN_RULES);
      expect((await callSend(session, wallet, call)).status).toBe(200);
    });

    it('refuse a call that they do not name, whose token says that it is not decoded', async () => {
      const { session, wallet } = await funded();
      const request = { kind: 'call', contract: STRANGER, data: '0x12345678', value: '0' };
      const answer = await askForAct(session, wallet, { kind: 'send', chainId: CHAIN, request });
      const { actId, details } = answer.body as ActBody;
      expect(details).toMatchObject({ undecoded: [{ contract: STRANGER, method: '0x12345678' }] });
      const call = { actId };
      for (const calls of [[], [`${CHAIN}/${FRIEND}/0x12345678`], [`${CHAIN}/${STRANGER}/0x12345679`]]) {
        await custody.reload({ assets: [ofCoin], calls });
        expectProblem(await callSend(session, wallet, call), 403, 'wallet.act_undecoded');
      }

      await custody.reload({ assets: [ofCoin], calls: [`${CHAIN}/${STRANGER}/0x12345678`] });
      expectProblem(await callSend(session, wallet, call), 409, 'wallet.consent_needed');
    });

    it('say when what is left of the day is enough, where it ever is', async () => {
      const { session, wallet } = await withTokens();
      await limiting({ walletPerDay: '8' });

      expect(await attempt(session, wallet, some(8))).toBe('sent');
      const ask = (amount: number) =>
        askForAct(session, wallet, { kind: 'send', chainId: CHAIN, request: some(amount) });
      const retryAfter = Number((await ask(1)).headers['retry-after']);
      expect(retryAfter).toBeGreaterThan(23 * HOUR);
      expect(retryAfter).toBeLessThanOrEqual(24 * HOUR + DAY_PART);
      expect((await ask(9)).headers).not.toHaveProperty('retry-after');
    });

    it('count what was cancelled', async () => {
      const { session, wallet } = await withTokens();
      await limiting({ walletPerDay: '5' });
      await anvil.request('evm_setAutomine', [false]);
      const { sendId } = await send(session, wallet, some(5));
      expect((await replaceSend(session, wallet, sendId, 'cancel')).status).toBe(200);
      await broadcast(app);
      await anvil.request('evm_setAutomine', [true]);
      await anvil.mine(1);

      expect(await attempt(session, wallet, some(1))).toBe('wallet.above_day_limit');
    });
  });

  describe('of what the wallet has', () => {
    /** The most that a coin costs beside its amount. */
    const feeOf = async (session: PersonSession, wallet: WalletBody) =>
      BigInt((await permit(session, wallet)).maxFee);

    it('are not exceeded by sends that are made together, of coins and of tokens', async () => {
      const { session, wallet, address } = await funded();
      const other = await anvil.deploy('TestErc20', ['Other', 'OTHER', 18]);
      await anvil.write(other, 'mint', [address, 5n]);
      await anvil.request('evm_setAutomine', [false]);
      const fee = await feeOf(session, wallet);
      // Enough for three and a half.
      const amount = 1_000n * fee;
      const coins = 3n * (amount + 2n * fee) + amount / 2n;
      await anvil.request('anvil_setBalance', [address, `0x${coins.toString(16)}`]);

      const outcomes = await Promise.all(times(12, (index) => attempt(session, wallet, coin(amount), index)));

      expect(countOf(outcomes)).toEqual({ 'send.funds_too_low': 9, sent: 3 });
      await anvil.request('anvil_setBalance', [address, `0x${(coins * 2n).toString(16)}`]);
      const some = { kind: 'token', token: other.address, to: FRIEND, amount: '2' };
      const ofTokens = await Promise.all(times(6, (index) => attempt(session, wallet, some, index)));
      // A node counts what waits in its pool, too: then it says that the call fails.
      const { sent, ...refused } = countOf(ofTokens);
      expect(sent).toBe(2);
      const codes = ['send.funds_too_low', 'send.would_fail', 'send.gas_unknown'];
      expect(codes).toEqual(expect.arrayContaining(Object.keys(refused)));
      await anvil.request('evm_setAutomine', [true]);
    });

    it('are what two nodes say, and not what one invents', async () => {
      const { session, wallet } = await funded();
      const call = await permit(session, wallet);
      for (const [balance, status, code] of [
        ['0x0', 409, 'send.funds_too_low'],
        ['junk', 503, 'send.funds_unknown'],
      ] as const) {
        first.lie('eth_getBalance', balance);
        expectProblem(await callSend(session, wallet, call), status, code);
      }
      first.recover();
      const poor = await funded(10n ** 15n);
      const large = await permit(poor.session, poor.wallet, coin(10n ** 14n));
      await anvil.request('anvil_setBalance', [poor.wallet.address, '0x1']);
      first.lie('eth_getBalance', '0xffffffffffffffffffff');
      expectProblem(await callSend(poor.session, poor.wallet, large), 409, 'send.funds_too_low');
      first.recover();
    });
  });
});

describeWithAnvil('money that came', () => {
  const anvil = useAnvil();
  const nodes = useTwoNodes(anvil);
  const custody = useCustody();
  const app = useTestApp(() =>
    sendingOn(
      custody,
      nodes.map(({ url }) => url),
      { sending: { ...CAPS, depth: 3 } },
    ),
  );
  const game = useFixture(() => aWalletApplication(app, { acts: ['send'] }));

  it('is sent when it is as deep as the chain wants, and never what a reorganisation took back', async () => {
    const { session, wallet, address } = await aFundedWallet(app, game, anvil, ETHER / 100n);
    await anvil.mine(3);
    await anvil.pay(address, ETHER);
    const call = await permit(session, wallet, coin(ETHER / 2n));
    expectProblem(await callSend(session, wallet, call), 409, 'send.funds_too_low');
    await anvil.mine(2);
    expectProblem(await callSend(session, wallet, call), 409, 'send.funds_too_low');

    await anvil.reorg(3);
    await anvil.mine(5);
    expectProblem(await callSend(session, wallet, call), 409, 'send.funds_too_low');

    await anvil.pay(address, ETHER);
    await anvil.mine(3);
    expect((await callSend(session, wallet, call)).status).toBe(200);
  });
});
