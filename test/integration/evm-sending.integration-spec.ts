import { keccak256, type Hex } from 'viem';
import type { Chain } from '@countersign/chains';
import { nextState } from '@countersign/wallet-acts';
import { anvilAccount, describeWithAnvil, useAnvil } from '../support/anvil';
import { anvilChain, withChains, type RunningChains } from '../support/chains';
import { RpcFault, useFakeNode, useTwoNodes } from '../support/fake-node';

const sending = { maxFeePerGas: '100000000000', maxFee: '10000000000000000', depth: 0 };
const TO = `0x${'77'.repeat(20)}` as const;
const GWEI = 1_000_000_000n;

describeWithAnvil('what sends ask of nodes', () => {
  const anvil = useAnvil();
  const [first, second] = useTwoNodes(anvil);
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
  const seen = async (nonce: number, raws: readonly Hex[]) => {
    const hashes = raws.map((raw) => keccak256(raw));
    const calls = [{ to: TO, value: 1n, data: '0x' }];
    const about = { address: account.address.toLowerCase(), nonce, hashes, calls, wasMined: true };
    const [views = []] = await asked(({ sending: port }, chain) => port.views(chain, [about]));
    return views;
  };

  it('the answers to a broadcast are the words of each, and never a URL, a number or an address', async () => {
    const raw = await signed(await next());
    const leak = `insufficient funds at https://node.example/v3/secret-key-1 for ${account.address}: have 12 want 99, nodename.example key=abcdefabcdefabcdefabcdefabcdefabcdef`;
    second.fail('eth_sendRawTransaction', -32_000, leak);
    third.goAway();

    const reports = await asked(
      ({ sending: port }, chain) => port.broadcast(chain, raw),
      [first, second, third],
    );

    expect(reports[0]).toEqual({ node: 0, answer: 'accepted', code: null, words: null });
    // The next test signs the same transfer with the nonce after this one.
    await anvil.client.waitForTransactionReceipt({ hash: keccak256(raw) });
    expect(reports[1]).toEqual({
      ...{ node: 1, answer: 'refused', code: -32_000 },
      words: 'insufficient funds at * for * have * want * * *',
    });
    expect(reports[2]).toMatchObject({ node: 2, answer: 'unanswered', words: expect.any(String) as unknown });
  });

  describe('what a node says of a nonce', () => {
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
});
