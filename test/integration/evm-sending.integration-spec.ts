import { encodeFunctionData, keccak256, toHex, type Hex } from 'viem';
import type { Chain } from '@countersign/chains';
import { anvilAccount, describeWithAnvil, useAnvil } from '../support/anvil';
import { anvilChain, withChains, type RunningChains } from '../support/chains';
import { useFakeNode } from '../support/fake-node';

const sending = { maxFeePerGas: '100000000000', maxFee: '10000000000000000' };
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
  const head = async () => {
    const { number, hash } = await anvil.client.getBlock();
    return { number: Number(number), hash };
  };
  const lookedUp = async (hash: string, nodes = [first, second]) => {
    const witness = await head();
    const said = await asked(({ sending: port }, chain) => port.lookUp(chain, [hash], witness), nodes);
    return said.map(({ node, states }) => [node, states.get(hash)?.state]);
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

      expect(await anvil.client.getBalance({ address: TO })).toBe(before + 1n);
      expect(await next()).toBe(nonce + 1);
    });
  });

  describe('the nonce', () => {
    it('is what two nodes say', async () => {
      const { address } = account;
      expect(await asked(({ sending: port }, chain) => port.nonceOf(chain, address))).toBe(await next());
      const at = await head();
      expect(await asked(({ sending: port }, chain) => port.nonceOf(chain, address, at))).toBe(await next());
    });

    it('is not known where one of two lies or is away', async () => {
      first.lie('eth_getTransactionCount', '0x1fffffffffffff');
      const ask = () => asked(({ sending: port }, chain) => port.nonceOf(chain, account.address));
      expect(await ask()).toBe('differ');

      first.recover();
      first.goAway();
      expect(await ask()).toBe('away');
    });

    it('is that of two honest ones beside a liar', async () => {
      first.lie('eth_getTransactionCount', '0x1fffffffffffff');
      const nonce = await asked(
        ({ sending: port }, chain) => port.nonceOf(chain, account.address),
        [first, second, third],
      );
      expect(nonce).toBe(await next());
    });
  });

  describe('a look-up', () => {
    it('says of each node whether it has the transaction, and in which block', async () => {
      const raw = await signed(await next());
      const hash = keccak256(raw);
      expect(await lookedUp(hash)).toEqual([
        [0, 'unknown'],
        [1, 'unknown'],
      ]);
      await anvil.request('evm_setAutomine', [false]);
      await anvil.request('eth_sendRawTransaction', [raw]);
      expect(await lookedUp(hash)).toEqual([
        [0, 'pending'],
        [1, 'pending'],
      ]);
      await anvil.request('evm_setAutomine', [true]);
      await anvil.receipt(hash);

      const block = await head();
      const [one] = await asked(({ sending: port }, chain) => port.lookUp(chain, [hash], block));
      expect(one?.states.get(hash)).toEqual({
        state: 'mined',
        blockHash: block.hash,
        blockNumber: block.number,
        isSuccessful: true,
      });
    });

    it('has the answer of a liar beside the others', async () => {
      const hash = keccak256(toHex('never sent'));
      first.lie('eth_getTransactionReceipt', {
        transactionHash: hash,
        blockHash: keccak256('0x01'),
        blockNumber: '0x1',
        status: '0x1',
      });

      expect(await lookedUp(hash)).toEqual([
        [0, 'mined'],
        [1, 'unknown'],
      ]);
      expect(await lookedUp(hash, [first, second, third])).toEqual([
        [0, 'mined'],
        [1, 'unknown'],
        [2, 'unknown'],
      ]);
    });

    it('leaves out a node without the witnessing block, and answers of a wrong form', async () => {
      const hash = keccak256(toHex('never sent'));
      first.lie('eth_getBlockByHash', null);
      expect(await lookedUp(hash)).toEqual([[1, 'unknown']]);

      first.recover();
      first.lie('eth_getTransactionReceipt', { transactionHash: keccak256('0x02'), status: '0x1' });
      expect(await lookedUp(hash)).toEqual([[1, 'unknown']]);
      first.recover();
      first.fail('eth_getTransactionReceipt', -32_000, 'no');
      expect(await lookedUp(hash)).toEqual([[1, 'unknown']]);
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
      expect(await port.balances(chain, STRANGER)).toEqual([0n, 0n]);
      const failing = { ...call, from: STRANGER, to: token.address, value: 0n, data: tooMuch };
      const [refused] = await port.estimates(chain, failing);
      expect(refused).toMatchObject({
        node: 0,
        refusal: { message: expect.stringMatching(/revert/i) as unknown },
      });
    });
  });
});
