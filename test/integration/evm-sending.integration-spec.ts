import { encodeFunctionData, keccak256, type Hex } from 'viem';
import type { Chain } from '@countersign/chains';
import { nextState, type NodeView } from '@countersign/sends';
import { anvilAccount, describeWithAnvil, useAnvil } from '../support/anvil';
import { anvilChain, withChains, type RunningChains } from '../support/chains';
import { RpcFault, useFakeNode } from '../support/fake-node';
import { until } from '../support/until';

const sending = { maxFeePerGas: '100000000000', maxFee: '10000000000000000', depth: 0 };
const TO = `0x${'77'.repeat(20)}` as const;
const STRANGER = `0x${'99'.repeat(20)}`;
const GWEI = 1_000_000_000n;

describeWithAnvil('what sends ask of nodes', () => {
  const anvil = useAnvil();
  const first = useFakeNode(() => anvil.url);
  const second = useFakeNode(() => anvil.url);
  const third = useFakeNode(() => anvil.url);
  const account = anvilAccount(3);

  async function asked<T>(
    work: (chains: RunningChains, chain: Chain) => Promise<T>,
    nodes = [first, second],
  ): Promise<T> {
    const urls = nodes.map(({ url }) => url);
    return withChains([anvilChain(urls, { sending })], (chains) =>
      work(chains, chains.chains.get('eip155:31337')),
    );
  }

  async function signed(nonce: number, more: object = {}): Promise<Hex> {
    const fees = { maxFeePerGas: 10n * GWEI, maxPriorityFeePerGas: GWEI };
    const common = { chainId: 31337, nonce, to: TO, value: 1n, gas: 21_000n, type: 'eip1559' } as const;
    return account.signTransaction({ ...common, ...fees, ...more });
  }

  const next = () => anvil.client.getTransactionCount({ address: account.address });
  const seen = async (
    nonce: number,
    raws: readonly Hex[],
    nodes = [first, second],
    wasMined = true,
    ours = 1n,
  ) => {
    const hashes = raws.map((raw) => keccak256(raw));
    const calls = [{ to: TO, value: ours, data: '0x' }];
    const about = { address: account.address.toLowerCase(), nonce, hashes, calls, wasMined };
    const [views = []] = await asked(({ sending: port }, chain) => port.views(chain, [about]), nodes);
    return views;
  };

  describe('when bytes are given to all of them', () => {
    it('is the words of each, and never a URL, a number or an address', async () => {
      const raw = await signed(await next());
      const leak = `insufficient funds at https://node.example/v3/secret-key-1 for ${account.address}: have 12 want 99, nodename.example key=abcdefabcdefabcdefabcdefabcdefabcdef`;
      second.fail('eth_sendRawTransaction', -32_000, leak);
      third.goAway();

      const reports = await asked(
        ({ sending: port }, chain) => port.broadcast(chain, raw),
        [first, second, third],
      );

      expect(reports[0]).toEqual({ node: 0, reply: { result: keccak256(raw) } });
      expect(reports[1]).toEqual({
        node: 1,
        reply: { error: { code: -32_000, message: 'insufficient funds at * for * have * want * * *' } },
      });
      expect(reports[2]).toMatchObject({ node: 2, reply: { reason: expect.any(String) as unknown } });
    });

    it('is answered again for the same bytes: nothing is sent twice', async () => {
      const [nonce, before] = [await next(), await anvil.client.getBalance({ address: TO })];
      const raw = await signed(nonce);

      await asked(async ({ sending: port }, chain) => {
        await port.broadcast(chain, raw);
        await port.broadcast(chain, raw);
      });

      await until(async () => (await anvil.client.getBalance({ address: TO })) === before + 1n);
      expect(await next()).toBe(nonce + 1);
    });
  });

  it('the nonce is what each of two nodes says, and what all say where these differ', async () => {
    const nonce = await next();
    const ask = (nodes = [first, second]) =>
      asked(({ sending: port }, chain) => port.nonces(chain, account.address), nodes);
    expect(await ask([first, second, third])).toEqual([nonce, nonce]);

    first.lie('eth_getTransactionCount', '0x1fffffffffffff');
    expect(await ask()).toEqual([Number.MAX_SAFE_INTEGER, nonce]);
    expect(await ask([first, second, third])).toEqual([Number.MAX_SAFE_INTEGER, nonce, nonce]);
    first.goAway();
    expect(await ask()).toEqual([nonce]);
  });

  describe('what a node says of a nonce', () => {
    it('is whether it is used, by which version, and in which block', async () => {
      const nonce = await next();
      const raws = [await signed(nonce), await signed(nonce, { value: 2n, maxFeePerGas: 20n * GWEI })];
      const before = await seen(nonce, raws);
      expect(before).toHaveLength(2);
      expect(before[0]).toMatchObject({ nonces: nonce, mined: null, foreign: null });

      await anvil.request('eth_sendRawTransaction', [raws[1]]);
      await anvil.mine(70);

      const { blockHash, blockNumber } = await anvil.receipt(keccak256(raws[1] ?? '0x'));
      const mined = { version: 2, blockHash, blockNumber: Number(blockNumber), succeeded: true };
      const [one, other] = await seen(nonce, raws);
      expect(one).toMatchObject({ nonces: nonce + 1, finalNonces: nonce + 1, mined, foreign: null });
      expect(other).toEqual(one);
      expect(nextState({ name: 'broadcasting' }, nonce, [one, other] as NodeView[]).state.name).toBe('final');
    });

    it('is final by its receipt where the node has no state of the final block any more', async () => {
      const nonce = await next();
      const raw = await signed(nonce);
      await anvil.request('eth_sendRawTransaction', [raw]);
      await anvil.mine(70);
      const withoutState = async (params: readonly unknown[], truth: () => Promise<unknown>) => {
        if (params[1] !== 'latest') throw new RpcFault(-32_000, 'missing trie node');
        return truth();
      };
      for (const node of [first, second]) node.lie('eth_getTransactionCount', withoutState);

      const views = await seen(nonce, [raw]);

      expect(nextState({ name: 'broadcasting' }, nonce, views).state.name).toBe('final');
      // Whose transaction used the nonce is not known then.
      const [view] = await seen(nonce, [await signed(nonce, { value: 3n })]);
      expect(view).toMatchObject({ mined: null, foreign: null });
    });

    it('costs no receipt while its nonce waits', async () => {
      await seen(await next(), [await signed(await next())], [first, second], false);
      expect(first.methods()).not.toContain('eth_getTransactionReceipt');
    });

    it('names the transaction of another sender with its nonce', async () => {
      const nonce = await next();
      const [ours, foreign] = [await signed(nonce), await signed(nonce, { value: 7n })];
      await anvil.mine(5);
      await anvil.request('eth_sendRawTransaction', [foreign]);
      await anvil.mine(80);

      const views = await seen(nonce, [ours]);

      expect(views.map((view) => view.foreign)).toEqual([keccak256(foreign), keccak256(foreign)]);
      expect(nextState({ name: 'broadcasting' }, nonce, views).state).toEqual({
        ...{ name: 'replaced', by: keccak256(foreign) },
      });
      // A version that a restored backup does not have.
      const own = await seen(nonce, [ours], [first, second], true, 7n);
      expect(own.map((view) => view.foreign)).toEqual([null, null]);
      expect(nextState({ name: 'broadcasting' }, nonce, own).state).toMatchObject({
        ...{ name: 'final', version: 1, succeeded: true, unstoredHash: keccak256(foreign) },
      });
      // One node alone says nothing.
      first.lie('eth_getTransactionReceipt', null);
      const alone = await seen(nonce, [ours], [first, second], true, 7n);
      expect(nextState({ name: 'broadcasting' }, nonce, alone).state.name).toBe('broadcasting');
    });

    it('moves nothing where one node invents a receipt', async () => {
      const nonce = await next();
      const raw = await signed(nonce);
      const lie = { transactionHash: keccak256(raw), blockHash: keccak256('0x01'), blockNumber: '0x1' };
      first.lie('eth_getTransactionReceipt', { ...lie, status: '0x1' });
      first.lie('eth_getTransactionCount', `0x${(nonce + 1).toString(16)}`);

      for (const nodes of [
        [first, second],
        [first, second, third],
      ]) {
        const views = await seen(nonce, [raw], nodes);
        expect(views).toHaveLength(nodes.length);
        expect(views[0]).toMatchObject({ mined: { blockNumber: 1 } });
        expect(nextState({ name: 'broadcasting' }, nonce, views).state).toEqual({ name: 'broadcasting' });
      }
    });

    it('is left out where its form is wrong', async () => {
      const nonce = await next();
      const raw = await signed(nonce);
      first.lie('eth_getTransactionReceipt', { transactionHash: keccak256('0x02'), status: '0x1' });
      expect(await seen(nonce, [raw])).toHaveLength(1);
      first.recover();
      first.fail('eth_getTransactionReceipt', -32_000, 'no');
      expect(await seen(nonce, [raw])).toHaveLength(1);
    });
  });

  it('fees, gas and coins are what two nodes say, each apart', async () => {
    first.lie('eth_gasPrice', '0xffffffffffff');
    second.lie('eth_estimateGas', '0x5208');
    const call = { from: account.address, to: STRANGER, value: 1n, data: '0x' };
    const token = await anvil.deploy('TestErc20', ['Coin', 'COIN', 18]);
    const tooMuch = encodeFunctionData({ ...token, functionName: 'transfer', args: [TO, 1n] });

    await asked(async ({ sending: port }, chain) => {
      const fees = await port.fees(chain);
      expect(fees.map(({ node }) => node)).toEqual([0, 1]);
      expect(fees[0]).toMatchObject({
        gasPrice: 0xffffffffffffn,
        history: { oldestBlock: expect.anything() as unknown },
      });
      expect(await port.estimates(chain, call)).toEqual([
        { node: 0, gas: 21_000n },
        { node: 1, gas: 21_000n },
      ]);
      const nothing = { nonce: 0, coins: 0n, tokens: new Map() };
      const funds = { latest: nothing, deep: nothing };
      expect(await port.funds(chain, STRANGER, [], 1)).toEqual([funds, funds]);
      const failing = { ...call, from: STRANGER, to: token.address, value: 0n, data: tooMuch };
      const [refused] = await port.estimates(chain, failing);
      expect(refused).toMatchObject({
        node: 0,
        refusal: { message: expect.stringMatching(/revert/i) as unknown },
      });
    });
  });
});
