import { Address, toNano } from '@ton/core';
import { WalletFreezing } from '@countersign/embedded-wallets';
import { GasPayments } from '@countersign/sending';
import { anEmbeddedWallet, useCustody } from '../support/embedded-wallets';
import { expectProblem } from '../support/expect-problem';
import { aFundingWallet, anApplicationWithGas, type GasBody } from '../support/gas';
import { signInPerson } from '../support/person-session';
import { aKey, broadcast, callSend, look, sendOf, settleWaiting } from '../support/sends';
import { useTonApi } from '../support/ton/ton-api';
import { permitOnTon, sendingOnTon, sendOnTon, type TonSender } from '../support/ton/ton-embedded';
import { TonNetwork } from '../support/ton/ton-network';
import { TON } from '../support/ton/ton-owner';
import { useFixture } from '../support/use-fixture';
import { useReplica, useTestApp } from '../support/use-test-app';

const FRIEND = `0:${'cd'.repeat(32)}`;
/** What goes along with jettons, and the fee of the network. */
const NEEDED = 120_000_000n;
/** With what it costs to receive it. */
const PAID = NEEDED + 20_000_000n;
/** With the fee of the payment. */
const COUNTED = PAID + 20_000_000n;
const GAS = { perSend: String(PAID), perWalletPerDay: String(2n * COUNTED), perHour: String(5n * COUNTED) };

describe('gas on TON', () => {
  const network = useFixture(() => TonNetwork.create());
  const [first, second] = [useTonApi(network), useTonApi(network)];
  const custody = useCustody();
  const app = useTestApp(() => sendingOnTon(custody, [first, second], {}, { gas: GAS }));
  const replica = useReplica(app);
  const token = useFixture(() => network.jetton('TEA'));
  const master = () => token.address.toRawString().toLowerCase();
  const game = useFixture(() => anApplicationWithGas(app, [master()], { chain: TON, perDay: 10n ** 12n }));
  const funding = useFixture(async () => {
    const made = await aFundingWallet(app, 'ton');
    await network.pay(Address.parse(made.address), toNano('10'));
    return made;
  });
  const jettons = { kind: 'jetton', to: FRIEND, amount: '1' };

  // The time of custody.
  beforeEach(() => {
    network.chain.now = undefined;
  });

  /** A person with jettons, no coin and no contract yet. */
  async function aHolder(): Promise<TonSender> {
    const { session, wallet } = await anEmbeddedWallet(app, game, { chain: 'ton' });
    const address = Address.parse(wallet.address);
    await network.mint(token, address, 9n);
    return { session, wallet, address };
  }

  const wait = async (holder: TonSender) =>
    (await sendOnTon(holder, { ...jettons, master: master() })) as GasBody;
  const rows = (sendId: string) =>
    app.database.query<{ state: string; wallet_id: string }>(
      'SELECT state, wallet_id FROM sends WHERE gas_for = $1',
      [sendId],
    );

  /** A payment is delivered, the job looks at what waits, and what it signed is delivered. */
  async function goOn(): Promise<void> {
    for (const each of [app, replica]) await broadcast(each);
    await look(app);
    app.clock.advance(61);
    await settleWaiting(app);
    await broadcast(app);
    await look(app);
  }

  it('is paid to wallets without coin and contract, one after the other, and no more than for an hour', async () => {
    expect(funding.address).toBeDefined();
    const holders: TonSender[] = [];
    for (let index = 0; index < 7; index += 1) holders.push(await aHolder());

    const calls = await Promise.all(
      holders.map(async (holder) => ({
        ...(await permitOnTon(holder, { ...jettons, master: master() })),
        key: aKey(),
      })),
    );
    const answers = await Promise.all(
      holders.map(({ session, wallet }, index) => callSend(session, wallet, calls[index] ?? {})),
    );

    const waiting = answers.flatMap(({ status, body }, index) => {
      const holder = holders[index];
      return status === 201 && holder ? [{ holder, sent: body as GasBody }] : [];
    });
    expect(waiting).toHaveLength(5);
    for (const { sent } of waiting) expect(sent).toMatchObject({ state: 'waiting', gas: String(PAID) });
    for (const answer of answers.filter(({ status }) => status !== 201))
      expectProblem(answer, 409, 'send.gas_not_paid');
    for (let round = 0; round < 8; round += 1) await goOn();
    for (const { holder, sent } of waiting) {
      const session = await signInPerson(app, game, holder.session.person);
      expect(await sendOf(session, holder.wallet, sent)).toMatchObject({
        ...{ state: 'final', outcome: 'delivered', nonce: 0 },
      });
      expect(await rows(sent.sendId)).toEqual([{ state: 'final', wallet_id: funding.walletId }]);
    }
  });

  it('does not leave the wallet as coins for a day, also where most of it came back', async () => {
    app.clock.advance(2 * 3_600);
    const holder = await aHolder();
    const sent = await wait(holder);
    const coins = { kind: 'coin', to: FRIEND, amount: '1' };
    const early = { ...(await permitOnTon(holder, coins)), key: aKey() };
    expectProblem(await callSend(holder.session, holder.wallet, early), 409, 'send.too_many_open');
    await goOn();
    expect(await sendOf(holder.session, holder.wallet, sent)).toMatchObject({ outcome: 'delivered' });
    expect(await network.balanceOf(holder.address)).toBeGreaterThan(20_000_001n);

    const call = { ...(await permitOnTon(holder, coins)), key: aKey() };
    expectProblem(await callSend(holder.session, holder.wallet, call), 409, 'send.funds_too_low');
    // A later send of jettons gets only what is missing, and goes out.
    app.clock.advance(3_700);
    const session = await signInPerson(app, game, holder.session.person);
    const next = await wait({ ...holder, session });
    expect(BigInt(next.gas ?? '0')).toBeLessThan(PAID);
    await goOn();
    await goOn();
    expect(await sendOf(session, holder.wallet, next)).toMatchObject({ outcome: 'delivered', nonce: 1 });
  });

  it('is not paid for a jetton of the attacker where the application lists nothing', async () => {
    app.clock.advance(2 * 3_600);
    const unlisted = await anApplicationWithGas(app, [], { chain: TON, sends: { assets: null } });
    const { session, wallet } = await anEmbeddedWallet(app, unlisted, { chain: 'ton' });
    const own = await network.jetton('BAD');
    await network.mint(own, Address.parse(wallet.address), 9n);
    const attacker = { session, wallet, address: Address.parse(wallet.address) };
    const request = { ...jettons, master: own.address.toRawString().toLowerCase() };
    const call = { ...(await permitOnTon(attacker, request)), key: aKey() };
    expectProblem(await callSend(session, wallet, call), 409, 'send.funds_too_low');
  });

  it('does not bounce where one endpoint says that the wallet has a contract', async () => {
    app.clock.advance(2 * 3_600);
    const holder = await aHolder();
    // The funding wallet has a contract.
    await wait(await aHolder());
    await goOn();
    const freezing = app.nest.get(WalletFreezing, { strict: false });
    await freezing.freezeByOperator(funding.walletId, 'ticket-1');
    const sent = await wait(holder);
    await broadcast(app);
    await freezing.unfreezeByOperator(funding.walletId, 'ticket-1');
    second.lie('getAddressInformation', (truth: object) => ({ ...truth, state: 'active' }));
    await app.nest.get(GasPayments, { strict: false }).pay(sent.sendId);
    second.recover();
    expect(await rows(sent.sendId)).toHaveLength(1);
    await goOn();
    await goOn();
    expect(await sendOf(holder.session, holder.wallet, sent)).toMatchObject({ outcome: 'delivered' });
  });

  it('that comes to nothing ends the send, which is not paid for again', async () => {
    app.clock.advance(2 * 3_600);
    const holder = await aHolder();
    for (const api of [first, second]) api.refuse('sendBoc', () => undefined);
    const sent = await wait(holder);
    await broadcast(app);
    network.time += 90;
    await look(app);
    expect((await rows(sent.sendId)).map(({ state }) => state)).toEqual(['not-sent']);
    for (const api of [first, second]) api.recover();
    await goOn();
    expect(await sendOf(holder.session, holder.wallet, sent)).toMatchObject({
      ...{ state: 'not-sent', refusal: 'send.gas_not_paid' },
    });
    expect(await network.balanceOf(holder.address)).toBe(0n);
  });
});
