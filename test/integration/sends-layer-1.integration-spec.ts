import { parseEther, type Hex } from 'viem';
import { describeWithAnvil, useAnvil } from '../support/anvil';
import { askForAct, aWalletApplication, useCustody, type ActBody } from '../support/embedded-wallets';
import { expectProblem } from '../support/expect-problem';
import { useTwoNodes } from '../support/fake-node';
import {
  aFundedWallet,
  broadcast,
  callSend,
  CAPS,
  CHAIN,
  coin,
  look,
  permit,
  send,
  sendingOn,
  type SendBody,
} from '../support/sends';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';

const ORACLE = '0x420000000000000000000000000000000000000F';
/** In wei. */
const LAYER_1 = parseEther('0.001');
const COUNTED = (LAYER_1 * 5n) / 4n;

const wordOf = (value: bigint): string => value.toString(16).padStart(64, '0');

/** Answers each call with the number. */
const codeThatSays = (value: bigint): Hex => `0x7f${wordOf(value)}60005260206000f3`;

describeWithAnvil('a send on a chain of the OP stack', () => {
  const anvil = useAnvil();
  const [first, second] = useTwoNodes(anvil);
  const custody = useCustody();
  const urls = () => [first.url, second.url];
  const app = useTestApp(() => sendingOn(custody, urls(), { sending: { ...CAPS, isOpStack: true } }));
  const plain = useTestApp(() => sendingOn(custody, urls()));
  const game = useFixture(() => aWalletApplication(app, { acts: ['send'] }));
  const plainGame = useFixture(() => aWalletApplication(plain, { acts: ['send'] }));

  const says = (value: bigint) => anvil.request('anvil_setCode', [ORACLE, codeThatSays(value)]);
  const wanted = { kind: 'send', chainId: CHAIN, request: coin() };

  beforeEach(() => says(LAYER_1));

  it('says the fee for layer 1 before, which other chains are not asked for', async () => {
    const [ours, other] = [
      await aFundedWallet(app, game, anvil),
      await aFundedWallet(plain, plainGame, anvil),
    ];
    const withoutIt = BigInt((await permit(other.session, other.wallet)).maxFee);
    expect(first.methods()).not.toContain('eth_call');

    const { body } = await askForAct(ours.session, ours.wallet, wanted);

    const { details } = body as SendBody & { details: { maxFee: string } };
    expect(BigInt(details.maxFee)).toBeGreaterThan(COUNTED);
    expect(BigInt(details.maxFee)).toBeLessThanOrEqual(COUNTED + 2n * withoutIt);
    expect(details.summary).toContain(`Pay about 0.00125 coins of ${CHAIN} more for layer 1.`);
    const sent = await send(ours.session, ours.wallet);
    expect(BigInt(sent.details.maxFee)).toBeGreaterThan(COUNTED);
    await broadcast(app);
    await anvil.mine(70);
    await look(app);
  });

  it('needs the coins for it, and is sped up with it', async () => {
    const { session, wallet } = await aFundedWallet(app, game, anvil, COUNTED);
    const call = await permit(session, wallet);
    expectProblem(await callSend(session, wallet, call), 409, 'send.funds_too_low');

    await anvil.request('anvil_setBalance', [wallet.address, `0x${(2n * COUNTED).toString(16)}`]);
    await anvil.request('evm_setAutomine', [false]);
    const { body } = await callSend(session, wallet, call);
    await broadcast(app);
    const { sendId } = body as SendBody;
    const faster = await session.post(`/v1/wallets/${wallet.walletId}/sends/${sendId}/speed-up`);
    expect(BigInt((faster.body as ActBody).details?.maxFee ?? 0)).toBeGreaterThan(COUNTED);
    await anvil.request('evm_setAutomine', [true]);
    await anvil.mine(70);
    await look(app);
  });

  it('is not sent for more than the person has seen', async () => {
    const { session, wallet } = await aFundedWallet(app, game, anvil);
    const call = await permit(session, wallet);
    await says(2n * LAYER_1);
    expectProblem(await callSend(session, wallet, call), 409, 'send.fee_above_cap');
    await says(LAYER_1);
    expect((await callSend(session, wallet, call)).status).toBe(200);
    await broadcast(app);
  });

  it('has no higher fee by one node, nor a lower one, and none above the cap', async () => {
    const { session, wallet } = await aFundedWallet(app, game, anvil);
    for (const lie of [0n, 3n * LAYER_1, 2n ** 255n]) {
      first.lie('eth_call', `0x${wordOf(lie)}`);
      expectProblem(await askForAct(session, wallet, wanted), 503, 'send.fees_unknown');
    }
    for (const broken of ['0x', '0x1', null]) {
      first.lie('eth_call', broken);
      expectProblem(await askForAct(session, wallet, wanted), 503, 'send.fees_unknown');
    }
    first.recover();
    await says(BigInt(CAPS.maxFee));
    expectProblem(await askForAct(session, wallet, wanted), 409, 'send.fee_above_cap');
    // A chain without the contract is none of the OP stack.
    await anvil.request('anvil_setCode', [ORACLE, '0x']);
    expectProblem(await askForAct(session, wallet, wanted), 503, 'send.fees_unknown');
  });
});
