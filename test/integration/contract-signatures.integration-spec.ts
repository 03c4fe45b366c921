import { hashMessage, type Address, type Hex } from 'viem';
import type { ContractVerdict } from '@countersign/chains';
import { anvilAccount, describeWithAnvil, useAnvil, type Deployed } from '../support/anvil';
import { anvilChain, RunningChains, withChains } from '../support/chains';
import { RpcFault, useTwoNodes, type Lie } from '../support/fake-node';
import { useFixture } from '../support/use-fixture';

const CHAIN = 'eip155:31337';
const MESSAGE = 'game.example wants you to sign in';
const YES = `0x1626ba7e${'0'.repeat(56)}`;

const noLatest: Lie = ([at], truth) => (at === '0x0' ? truth() : null);

describeWithAnvil('signatures of contract wallets', () => {
  const anvil = useAnvil();
  const [first, second] = useTwoNodes(anvil);
  const alone = useFixture(() => RunningChains.start([anvilChain([anvil.url])]), {
    close: (running) => running.close(),
  });
  const both = (): object => anvilChain([first.url, second.url], { timeLimitMs: 1_000 });
  const owner = anvilAccount(1);
  const stranger = anvilAccount(2);

  function verify(address: Address, signature: Hex, chains: RunningChains = alone): Promise<ContractVerdict> {
    return chains.signatures.verify({
      chainId: CHAIN,
      address: address.toLowerCase() as Address,
      hash: hashMessage(MESSAGE),
      signature,
    });
  }

  async function aWallet(): Promise<Deployed> {
    return anvil.deploy('OwnedWallet', [owner.address]);
  }

  describe('of ERC-1271', () => {
    it('do not hold of others', async () => {
      const { address } = await aWallet();

      expect(await verify(address, await stranger.signMessage({ message: MESSAGE }))).toMatchObject({
        refusal: 'contract_refuses',
      });
      expect(await verify(address, await owner.signMessage({ message: `${MESSAGE}.` }))).toMatchObject({
        refusal: 'contract_refuses',
      });
    });

    it('no longer hold when the owner has changed', async () => {
      const wallet = await aWallet();
      const signature = await owner.signMessage({ message: MESSAGE });
      expect(await verify(wallet.address, signature)).toMatchObject({ refusal: null });

      await anvil.write(wallet, 'setOwner', [stranger.address], { from: owner });

      expect(await verify(wallet.address, signature)).toMatchObject({ refusal: 'contract_refuses' });
      expect(await verify(wallet.address, await stranger.signMessage({ message: MESSAGE }))).toMatchObject({
        refusal: null,
      });
    });

    it('hold of a wallet that takes none of the usual lengths', async () => {
      const { address } = await anvil.deploy('AwkwardWallet', [0]);

      expect(await verify(address, `0x${'ab'.repeat(8_192)}`)).toMatchObject({ refusal: null });
    });

    it.each([
      ['No', 1],
      ['Reverts', 2],
      ['Loops', 3],
      ['LongAnswer', 4],
      ['ShortAnswer', 5],
      ['DirtyPadding', 6],
      ['True', 7],
      ['Nothing', 8],
    ])('do not hold of a wallet that answers %s', async (_, way) => {
      const { address } = await anvil.deploy('AwkwardWallet', [way]);

      expect(await verify(address, '0x00')).toMatchObject({ refusal: 'contract_refuses' });
      // It chooses its words, and the node goes on.
      expect(alone.nodes.known(CHAIN)).toMatchObject([{ state: 'up' }]);
    });

    it('are asked of no node for an address without code beyond its code', async () => {
      await withChains([anvilChain([first.url])], async (chains) => {
        const verdict = await verify(owner.address, await owner.signMessage({ message: MESSAGE }), chains);

        expect(verdict).toMatchObject({ refusal: 'no_contract' });
        expect(first.methods()).not.toContain('eth_call');
      });
    });

    it('are asked about at the block of one hash', async () => {
      const { address } = await aWallet();
      await withChains([anvilChain([first.url])], async (chains) => {
        const { block } = await verify(address, '0x00', chains);

        const at = { blockHash: block.hash, requireCanonical: true };
        const asked = first.requests.filter(({ method }) => /^eth_(getCode|call)$/.test(method));
        expect(asked.map(({ params }) => (params as unknown[])[1])).toEqual([at, at]);
      });
    });
  });

  describe('that are empty', () => {
    it('hold once enough owners approved the message on the chain, and of no other message', async () => {
      const wallet = await anvil.deploy('SharedWallet', [[owner.address, stranger.address], 2n]);
      const hash = hashMessage(MESSAGE);
      await anvil.write(wallet, 'approve', [hash], { from: owner });
      expect(await verify(wallet.address, '0x')).toMatchObject({ refusal: 'contract_refuses' });
      await anvil.write(wallet, 'approve', [hash], { from: stranger });

      expect(await verify(wallet.address, '0x')).toMatchObject({ refusal: null, nodes: 1 });

      const address = wallet.address.toLowerCase() as Address;
      const other = { chainId: CHAIN, address, hash: hashMessage('other') };
      expect(await alone.signatures.verify({ ...other, signature: '0x' })).toMatchObject({
        refusal: 'contract_refuses',
      });
    });
  });

  describe('of an address that delegates (EIP-7702)', () => {
    async function delegateTo(delegate: Address): Promise<Address> {
      const account = anvilAccount(5);
      const authorization = await anvil.client.signAuthorization({ account, contractAddress: delegate });
      const hash = await anvil.client.sendTransaction({
        account: anvilAccount(0),
        to: account.address,
        authorizationList: [authorization],
      });
      await anvil.receipt(hash);
      expect(await anvil.client.getCode({ address: account.address })).toBe(
        `0xef0100${delegate.slice(2).toLowerCase()}`,
      );
      return account.address;
    }

    it('hold when the delegate says so, and no longer after another delegation', async () => {
      const signature = await stranger.signMessage({ message: MESSAGE });
      const yes = await anvil.deploy('AwkwardWallet', [0]);
      const address = await delegateTo(yes.address);
      expect(await verify(address, signature)).toMatchObject({ refusal: null });

      const no = await anvil.deploy('AwkwardWallet', [1]);
      await delegateTo(no.address);
      expect(await verify(address, signature)).toMatchObject({ refusal: 'contract_refuses' });

      const plain = await anvil.deploy('PlainDelegate');
      await delegateTo(plain.address);
      expect(await verify(address, signature)).toMatchObject({ refusal: 'contract_refuses' });
    });
  });

  describe('by two nodes', () => {
    let wallet: Deployed;
    let signature: Hex;
    beforeAll(async () => {
      wallet = await aWallet();
      signature = await owner.signMessage({ message: MESSAGE });
    });

    it.each<['first' | 'second']>([['first'], ['second']])(
      'do not hold when the %s one says yes to everything',
      async (liar) => {
        const forged = await stranger.signMessage({ message: MESSAGE });
        ({ first, second })[liar].lie('eth_call', YES);
        await withChains([both()], async (chains) => {
          expect(await verify(wallet.address, forged, chains)).toMatchObject({ refusal: 'nodes_disagree' });
        });
      },
    );

    it.each<[string, () => void]>([
      ['is gone', () => second.goAway()],
      ['has no latest block', () => second.lie('eth_getBlockByNumber', noLatest)],
      ['answers nothing', () => second.lie('eth_call', null)],
      ['does not give the code', () => second.fail('eth_getCode', -32000, 'header not found')],
    ])('are not decided when one %s', async (_, fail) => {
      fail();
      await withChains([both()], async (chains) => {
        await expect(verify(wallet.address, signature, chains)).rejects.toMatchObject({
          code: 'chain.unavailable',
          kind: 'unavailable',
        });
      });
    });

    it('hold when a third one stands in', async () => {
      first.goAway();
      await withChains([anvilChain([first.url, second.url, anvil.url])], async (chains) => {
        expect(await verify(wallet.address, signature, chains)).toMatchObject({ refusal: null, nodes: 2 });
      });
    });

    it('tell the caller to wait as long as the node asks for', async () => {
      first.respond(429, { 'retry-after': '42' });
      await withChains([both()], async (chains) => {
        await expect(verify(wallet.address, signature, chains)).rejects.toMatchObject({
          options: { retryAfterSeconds: 42 },
        });
      });
    });
  });

  it('hold by one lying node that is alone: which the assurance of a single node says', async () => {
    const { address } = await aWallet();
    first.lie('eth_call', YES);
    await withChains([anvilChain([first.url])], async (chains) => {
      expect(await verify(address, '0x00', chains)).toMatchObject({ refusal: null, nodes: 1 });
    });
  });

  it('are not decided by a node that needs most of the time limit for each request', async () => {
    const { address } = await aWallet();
    const limitMs = 1_000;
    first.slow(limitMs * 0.6);
    const chain = anvilChain([first.url], { timeLimitMs: limitMs });
    const work = async (chains: RunningChains): Promise<void> => {
      const signature = await owner.signMessage({ message: MESSAGE });

      const error: unknown = await verify(address, signature, chains).catch((thrown: unknown) => thrown);

      expect(error).toMatchObject({
        code: 'chain.unavailable',
        cause: { details: { reason: 'time_limit' } },
      });
    };
    await withChains([chain], work);
  });

  it('are asked again at a newer block when the node lost the first one', async () => {
    const { address } = await aWallet();
    let isLost = false;
    first.lie('eth_getCode', (_: unknown, truth: () => Promise<unknown>) => {
      if (isLost) return truth();
      isLost = true;
      throw new RpcFault(-32001, 'Resource not found');
    });
    await withChains([anvilChain([first.url])], async (chains) => {
      expect(await verify(address, '0x00', chains)).toMatchObject({ refusal: 'contract_refuses' });
    });
  });
});
