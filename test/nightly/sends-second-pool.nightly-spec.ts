import { createPublicClient, http, type Hex } from 'viem';
import { readBroadcastAnswer, transactionHash } from '@countersign/sends';
import { anvilAccount } from '../support/anvil';
import { anEmbeddedWallet, aWalletApplication, useCustody } from '../support/embedded-wallets';
import { useFakeNode } from '../support/fake-node';
import {
  broadcast,
  CAPS,
  coin,
  FRIEND,
  look,
  replaceSend,
  send,
  sendingOn,
  sendOf,
  type SendBody,
} from '../support/sends';
import { until } from '../support/until';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';
import { SecondPool } from '../system/support/second-pool';

const GWEI = 10n ** 9n;
const SENDING = { ...CAPS, minTipPerGas: String(GWEI) };

/** Anvil takes any replacement that pays more. This pool keeps the rule of a tenth on both fees. */
describe('sends by a pool that asks replacements for a tenth more', () => {
  const pool = useFixture(() => SecondPool.start(), { close: (made) => made.stop() });
  const [first, second] = [useFakeNode(() => pool.url), useFakeNode(() => pool.url)];
  const custody = useCustody();
  const app = useTestApp(() => sendingOn(custody, [first.url, second.url], { sending: SENDING }));
  const game = useFixture(() => aWalletApplication(app, { acts: ['send'] }));
  const chain = () => createPublicClient({ transport: http(pool.url) });
  const balance = (address: Hex) => chain().getBalance({ address });
  const bank = anvilAccount(0);

  async function signed(nonce: number, to: Hex, value: bigint, fee: bigint, tip = fee): Promise<Hex> {
    const fees = { maxFeePerGas: fee, maxPriorityFeePerGas: tip };
    return bank.signTransaction({ chainId: 31337, type: 'eip1559', gas: 21_000n, nonce, to, value, ...fees });
  }

  /** What the pool says to bytes, as it is read here. */
  async function give(raw: Hex): Promise<string> {
    const answer = await fetch(pool.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_sendRawTransaction', params: [raw] }),
    });
    const reply = (await answer.json()) as Parameters<typeof readBroadcastAnswer>[0];
    return readBroadcastAnswer(reply, transactionHash(Buffer.from(raw.slice(2), 'hex')));
  }

  const nextOf = (address: Hex) => chain().getTransactionCount({ address });

  async function funded() {
    const { session, wallet } = await anEmbeddedWallet(app, game);
    const address = wallet.address as Hex;
    expect(await give(await signed(await nextOf(bank.address), address, 10n ** 18n, 50n * GWEI))).toBe(
      'accepted',
    );
    await pool.mine();
    await until(async () => (await balance(address)) > 0n);
    return { session, wallet, address };
  }

  async function replace(...of: Parameters<typeof replaceSend>): Promise<SendBody> {
    const { body } = await replaceSend(...of);
    await broadcast(app);
    return body as SendBody;
  }

  /** What the nodes said to the newest version. */
  async function answersTo({ sendId }: SendBody): Promise<readonly string[]> {
    const [row] = await app.database.query<{ answers: readonly { readonly answer: string }[] }>(
      'SELECT answers FROM sends WHERE id = $1',
      [sendId],
    );
    return (row?.answers ?? []).map(({ answer }) => answer);
  }

  async function mine(blocks: number, nonce: number, address: Hex): Promise<void> {
    await pool.mine(blocks);
    await until(async () => (await nextOf(address)) === nonce);
    await look(app);
  }

  it('are refused with less than a tenth more on either fee, and the words of the pool are known', async () => {
    const nonce = await nextOf(bank.address);
    const give1 = (fee: bigint, tip: bigint) => signed(nonce, FRIEND, 1n, fee * GWEI, tip * GWEI).then(give);
    expect(await give1(100n, 10n)).toBe('accepted');
    expect(await give1(109n, 11n)).toBe('underpriced');
    expect(await give1(110n, 10n)).toBe('underpriced');
    expect(await give1(110n, 11n)).toBe('accepted');
    await pool.mine();
    await until(async () => (await nextOf(bank.address)) === nonce + 1);
    expect(await give(await signed(nonce, FRIEND, 2n, 200n * GWEI))).toBe('nonce-used');
    const poor = await signed(nonce + 1, FRIEND, 10n ** 30n, 50n * GWEI);
    expect(await give(poor)).toBe('refused-funds');
  });

  it('are given to both nodes of it, and are final once', async () => {
    const { session, wallet, address } = await funded();
    const before = await balance(FRIEND);
    const sent = await send(session, wallet, coin(5));
    await broadcast(app);
    expect(await answersTo(sent)).toContain('accepted');
    expect(await sendOf(session, wallet, sent)).toMatchObject({ state: 'broadcasting' });
    await mine(1, 1, address);
    expect(await sendOf(session, wallet, sent)).toMatchObject({
      state: 'mined',
      block: { isSuccessful: true },
    });
    await mine(3, 1, address);
    expect(await sendOf(session, wallet, sent)).toMatchObject({ state: 'final' });
    expect(await balance(FRIEND)).toBe(before + 5n);
  });

  it('are sped up twice, and the fastest is mined', async () => {
    const { session, wallet, address } = await funded();
    const before = await balance(FRIEND);
    const sent = await send(session, wallet, coin(5));
    await broadcast(app);
    await replace(session, wallet, sent.sendId, 'speed-up');
    const { versions } = await replace(session, wallet, sent.sendId, 'speed-up');
    const answers = await answersTo(sent);
    expect(answers).toHaveLength(2);
    for (const answer of answers) expect(['accepted', 'known']).toContain(answer);
    await mine(4, 1, address);
    expect(await sendOf(session, wallet, sent)).toMatchObject({
      ...{ state: 'final', block: { kind: 'speed-up', transaction: versions[2]?.hash } },
    });
    expect(await balance(FRIEND)).toBe(before + 5n);
  });

  it('are cancelled, and move nothing', async () => {
    const { session, wallet, address } = await funded();
    const before = await balance(FRIEND);
    const sent = await send(session, wallet, coin(5));
    await broadcast(app);
    const { versions } = await replace(session, wallet, sent.sendId, 'cancel');
    await mine(4, 1, address);
    expect(await sendOf(session, wallet, sent)).toMatchObject({
      ...{ state: 'final', block: { kind: 'cancel', transaction: versions[1]?.hash } },
    });
    expect(await balance(FRIEND)).toBe(before);
  });
});
