import type { Hex } from 'viem';
import { describeWithAnvil, useAnvil, type Deployed } from '../support/anvil';
import { RpcFault, useFakeNode, useTwoNodes, type FakeNode } from '../support/fake-node';
import { aWalletOwner, balancesOf, chainsOf, type WalletOwner } from '../support/followed-wallets';
import { useApplication, useTestApp } from '../support/use-test-app';
import { SITE } from '../support/wallets';

type Truth = () => Promise<unknown>;

const ether = 10n ** 18n;
const EPOCH = ['--slots-in-an-epoch', '4'];
const STARTED = { flags: [...EPOCH, '--timestamp', '1700000000'] };
/** The first contract of the first account of an anvil. */
const LISTED = { address: '0x5fbdb2315678afecb367f032d93f642f64180aa3', symbol: 'LST', decimals: 6 };
const BALANCE_OF = '0x70a08231';
/** Where no contract is. */
const ABSENT = { address: '0x00000000000000000000000000000000000000aa', symbol: 'ABS', decimals: 6 };
const OPTIONS = { mayNameAddresses: true, tokens: [LISTED] };

function word(value: bigint): Hex {
  return `0x${value.toString(16).padStart(64, '0')}`;
}

/** More of the coin and of each token than there is. */
function exaggerate(node: FakeNode): void {
  node.lie('eth_getBalance', async (_: readonly unknown[], truth: Truth) => {
    const told = BigInt((await truth()) as string) + ether;
    return `0x${told.toString(16)}`;
  });
  node.lie('eth_call', async ([call]: readonly unknown[], truth: Truth) => {
    const answer = (await truth()) as string;
    const isBalance = (call as { data: string }).data.startsWith(BALANCE_OF) && answer !== '0x';
    return isBalance ? word(BigInt(answer) + 5n) : answer;
  });
}

/** Knows no state. */
function prune(node: FakeNode): void {
  for (const method of ['eth_getBalance', 'eth_call', 'eth_getCode'])
    node.lie(method, () => {
      throw new RpcFault(-32000, 'missing trie node');
    });
}

describeWithAnvil('amounts, of a chain with two nodes', () => {
  const anvil = useAnvil(STARTED);
  const [first, second] = useTwoNodes(anvil);
  const app = useTestApp(() => ({
    environment: {
      CHAINS: chainsOf([first.url, second.url], {
        ...OPTIONS,
        blockTimeMs: 4_000,
        tokens: [LISTED, ABSENT],
      }),
    },
  }));
  const demo = useApplication(app, { origins: [SITE] });
  let listed: Deployed;

  beforeAll(async () => {
    listed = await anvil.deploy('TestErc20', ['Listed', 'LST', 6]);
    expect(listed.address.toLowerCase()).toBe(LISTED.address);
  });

  /** With 1 ETH and 7 of the listed token in final blocks. */
  async function anOwner(): Promise<WalletOwner> {
    const owner = await aWalletOwner(app, demo);
    await anvil.pay(owner.address, ether);
    await anvil.write(listed, 'mint', [owner.address, 7n]);
    await anvil.mine(12);
    return owner;
  }

  it('are what both say at the final block, and 0 of a token that is not there', async () => {
    const owner = await anOwner();
    await anvil.pay(owner.address, 3n);

    const { balances } = await balancesOf(owner);

    const agreed = { amountReason: null, verification: 'agreed' };
    expect(balances).toMatchObject([
      { ...agreed, amount: ether.toString() },
      { ...agreed, symbol: 'LST', amount: '7' },
      { ...agreed, symbol: 'ABS', amount: '0' },
    ]);
  });

  it.each([
    ['first', () => first],
    ['second', () => second],
  ])('are none while the %s says that there is more', async (_, liar) => {
    const owner = await anOwner();
    exaggerate(liar());

    const { balances } = await balancesOf(owner);

    const unknown = { amount: null, amountReason: 'differ', verification: 'none' };
    expect(balances).toMatchObject([unknown, unknown, { symbol: 'ABS', amount: '0' }]);
    expect(app.logLines.join('').toLowerCase()).not.toContain(owner.address.slice(2));
    liar().recover();
    expect((await balancesOf(owner)).balances).toMatchObject([
      { amount: ether.toString() },
      { amount: '7' },
      { amount: '0' },
    ]);
  });

  it('are none where one of them no longer knows the state of the block', async () => {
    const owner = await anOwner();
    prune(second);

    const { balances } = await balancesOf(owner);

    const pruned = { amount: null, amountReason: 'state_unknown' };
    expect(balances).toMatchObject([pruned, pruned, pruned]);
    second.recover();
  });

  it.each<[string, string, () => unknown]>([
    ['the second node is away', 'away', () => second.goAway()],
    ['the nodes have other blocks', 'differ', () => second.lie('eth_getBlockByNumber', otherHash)],
    [
      'the second node calls only old blocks final',
      'away',
      async () => {
        // More than an hour of blocks.
        for (let mined = 0; mined < 1_200; mined += 100) await anvil.mine(100);
        second.lie('eth_getBlockByNumber', longAgo);
      },
    ],
  ])('are none where %s', async (_, reason, lie) => {
    const owner = await anOwner();
    await lie();

    const { balances, ...chain } = await balancesOf(owner);

    expect(chain).toMatchObject({ staleSince: expect.any(String) as string, asOfBlock: null });
    expect(balances[0]).toMatchObject({ amount: null, amountReason: reason });
  });

  it('are of the block that both call final, where the first invents a later one', async () => {
    const owner = await anOwner();
    const final = await anvil.client.getBlock({ blockTag: 'finalized' });
    first.lie('eth_getBlockByNumber', ([tag]: readonly unknown[], truth: Truth) =>
      tag === 'finalized' ? anvil.request('eth_getBlockByNumber', ['latest', false]) : truth(),
    );

    expect((await balancesOf(owner)).asOfBlock?.number).toBe(Number(final.number));
  });
});

describeWithAnvil('amounts, of a chain with three nodes', () => {
  const anvil = useAnvil(STARTED);
  const [liar, second] = useTwoNodes(anvil);
  const third = useFakeNode(() => anvil.url);
  const app = useTestApp(() => ({
    environment: { CHAINS: chainsOf([liar.url, second.url, third.url], { ...OPTIONS, tokens: [] }) },
  }));
  const demo = useApplication(app, { origins: [SITE] });

  it('are what two say, whatever a third one says', async () => {
    const owner = await aWalletOwner(app, demo);
    await anvil.pay(owner.address, ether);
    await anvil.mine(12);
    exaggerate(liar);

    const { balances } = await balancesOf(owner);

    expect(balances).toMatchObject([{ amount: ether.toString(), verification: 'agreed' }]);
  });
});

describeWithAnvil('amounts, of a chain with one node', () => {
  const anvil = useAnvil(STARTED);
  const node = useFakeNode(() => anvil.url);
  const app = useTestApp(() => ({
    environment: { CHAINS: chainsOf([node.url], { mayNameAddresses: true }) },
  }));
  const demo = useApplication(app, { origins: [SITE] });

  it('are its word, and the answer says so', async () => {
    const owner = await aWalletOwner(app, demo);
    await anvil.pay(owner.address, ether);
    await anvil.mine(12);
    exaggerate(node);

    const { balances } = await balancesOf(owner);

    expect(balances).toMatchObject([
      { amount: (2n * ether).toString(), amountReason: null, verification: 'single' },
    ]);
  });
});

async function otherHash(params: readonly unknown[], truth: Truth): Promise<unknown> {
  const block = (await truth()) as object;
  return params[0] === '0x0' ? block : { ...block, hash: word(7n) };
}

/** For both tags the block 1, which all nodes have. */
async function longAgo([tag]: readonly unknown[], truth: Truth): Promise<unknown> {
  const block = (await truth()) as object;
  return tag === 'finalized' || tag === 'latest' ? { ...block, number: '0x1' } : block;
}
