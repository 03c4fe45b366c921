import { FollowerStates } from '@countersign/wallet-history';
import { describeWithAnvil, useAnvil } from '../support/anvil';
import { useFakeNode, type FakeNode } from '../support/fake-node';
import {
  aWalletOwner,
  balancesOf,
  chainsOf,
  follow,
  followerOf,
  historyOf,
  UNKNOWN_CHAIN,
  type HistoryItem,
  type WalletOwner,
} from '../support/followed-wallets';
import { withFollowers } from '../support/follower-replica';
import { useApplication, useTestApp } from '../support/use-test-app';
import { SITE } from '../support/wallets';

const GENESIS = { flags: ['--slots-in-an-epoch', '4', '--timestamp', '1700000000'] };
const ETHER = 10n ** 18n;
const STRANGER = `0x${'5a'.repeat(20)}`;

type Raw = Record<string, unknown>;
type Alter = (raw: Raw, address: string) => void;

/** What the proxy before the first node does to the block with the payment, or to its receipts. */
const lies: readonly (readonly [string, 'eth_getBlockByNumber' | 'eth_getBlockReceipts', Alter])[] = [
  [
    'the amount of a payment',
    'eth_getBlockByNumber',
    ({ transactions }) => set(transactions, { value: '0xd3c21bcecceda1000000' }),
  ],
  ['who sent a payment', 'eth_getBlockByNumber', ({ transactions }) => set(transactions, { from: STRANGER })],
  [
    'an invented transaction',
    'eth_getBlockByNumber',
    ({ transactions }, to) =>
      (transactions as Raw[]).push({
        ...(transactions as Raw[])[0],
        hash: `0x${'12'.repeat(32)}`,
        to,
        transactionIndex: '0x1',
      }),
  ],
  ['a transaction that is left out', 'eth_getBlockByNumber', (block) => (block['transactions'] = [])],
  ['the status of a receipt', 'eth_getBlockReceipts', (receipts) => set(receipts, { status: '0x0' })],
  ['the fee', 'eth_getBlockReceipts', (receipts) => set(receipts, { effectiveGasPrice: '0x1' })],
];

function set(list: unknown, fields: Raw): void {
  Object.assign((list as Raw[])[0] ?? {}, fields);
}

describeWithAnvil('a node that alters one field of a block whose hash is right', () => {
  const anvil = useAnvil(GENESIS);
  const liar = useFakeNode(() => anvil.url);
  const honest = useFakeNode(() => anvil.url);
  const app = useTestApp(() => ({ environment: { CHAINS: chainsOf([liar.url, honest.url]) } }));
  const demo = useApplication(app, { origins: [SITE] });

  it.each(lies)('is not believed, and the other one is read: %s', async (_, method, alter) => {
    const owner = await aWalletOwner(app, demo);
    await withFollowers(app, follow);
    const { blockNumber, transactionHash } = await anvil.pay(owner.address, ETHER);
    const asked = `0x${blockNumber.toString(16)}`;
    let lied = 0;
    liar.lie(method, async (params: readonly unknown[], truth: () => Promise<unknown>) => {
      const answer = (await truth()) as Raw;
      if (params[0] !== asked || params[1] === false) return answer;
      lied += 1;
      alter(answer, owner.address);
      return answer;
    });
    await anvil.mine(20);

    const real = {
      hash: transactionHash,
      status: 'succeeded',
      transfers: [{ amount: String(ETHER) }],
    };

    await withFollowers(app, async (replica) => {
      await follow(replica);
      await followerOf(replica).round();
    });

    expect(lied).toBeGreaterThan(0);
    expect(await historyOf(owner)).toMatchObject([real]);
    liar.recover();
    await withFollowers(app, follow);
    expect(await historyOf(owner)).toMatchObject([{ ...real, isFinal: true, verification: 'proven' }]);
  });

  it('is not believed about the amount of a log', async () => {
    const owner = await aWalletOwner(app, demo);
    const token = await anvil.deploy('TestErc20', ['Test', 'TST', 6]);
    await withFollowers(app, follow);
    const { transactionHash } = await anvil.write(token, 'mint', [owner.address, 5n]);
    liar.lie('eth_getBlockReceipts', async (_: readonly unknown[], truth: () => Promise<unknown>) => {
      const receipts = (await truth()) as { transactionHash: string; logs: Raw[] }[];
      const minted = receipts.find((receipt) => receipt.transactionHash === transactionHash);
      set(minted?.logs, { data: `0x${'f'.repeat(64)}` });
      return receipts;
    });

    await withFollowers(app, follow);

    const minted = { hash: transactionHash, transfers: [{ amount: '5' }] };
    expect(await historyOf(owner)).toMatchObject([minted]);
    liar.recover();
    await anvil.mine(20);
    await withFollowers(app, follow);
    expect(await historyOf(owner)).toMatchObject([{ ...minted, isFinal: true, verification: 'proven' }]);
  });
});

describeWithAnvil('a header with a field that is not known', () => {
  const anvil = useAnvil(GENESIS);
  const one = useFakeNode(() => anvil.url);
  const other = useFakeNode(() => anvil.url);
  const app = useTestApp(() => ({ environment: { CHAINS: chainsOf([one.url, other.url]) } }));
  const demo = useApplication(app, { origins: [SITE] });
  const ADDED = { blockAccessListHash: `0x${'ab'.repeat(32)}` };

  /** Blocks of which the hash is not that of the known fields: the time is one second later. */
  const answerLater = (node: FakeNode, fields: Raw, alter: Alter = () => undefined): void => {
    for (const method of ['eth_getBlockByNumber', 'eth_getBlockByHash'])
      node.lie(method, async (_: readonly unknown[], truth: () => Promise<unknown>) => {
        const block = (await truth()) as Raw | null;
        if (!block || block['number'] === '0x0') return block;
        if (typeof (block['transactions'] as unknown[])[0] === 'object') alter(block, '');
        const timestamp = `0x${(Number(block['timestamp']) + 1).toString(16)}`;
        return { ...block, timestamp, ...fields };
      });
  };
  const report = (): Promise<string | null> => app.nest.get(FollowerStates).report();
  const real = { transfers: [{ amount: String(ETHER) }] };

  afterEach(() => {
    one.recover();
    other.recover();
  });

  it('of all nodes stops no chain: transactions are what two nodes say', async () => {
    const owner = await aWalletOwner(app, demo);
    await withFollowers(app, follow);
    for (const node of [one, other]) answerLater(node, ADDED);
    await anvil.pay(owner.address, ETHER);
    await anvil.mine(20);

    await withFollowers(app, follow);

    expect(await historyOf(owner)).toMatchObject([{ ...real, isFinal: true, verification: 'agreed' }]);
    expect(await report()).toContain('following (unknown_header');
    expect(await balancesOf(owner)).toMatchObject({ state: 'following', staleSince: null });
  });

  it('is no excuse where no such field is named: the node lies about the hash', async () => {
    const owner = await aWalletOwner(app, demo);
    await withFollowers(app, follow);
    for (const node of [one, other]) answerLater(node, {});
    await anvil.pay(owner.address, ETHER);
    await anvil.mine(20);

    await withFollowers(app, (replica) => followerOf(replica).round());

    expect(await historyOf(owner)).toEqual([]);
    expect(await report()).toContain('lying: block.hash_differs');
    one.recover();
    other.recover();
    await withFollowers(app, follow);
    expect(await historyOf(owner)).toMatchObject([{ ...real, isFinal: true, verification: 'proven' }]);
    expect(await report()).toBeNull();
  });

  it('of a node that lies makes nothing final', async () => {
    const owner = await aWalletOwner(app, demo);
    await withFollowers(app, follow);
    const million = { value: '0xd3c21bcecceda1000000' };
    answerLater(one, ADDED, ({ transactions }) => set(transactions, million));
    await anvil.pay(owner.address, ETHER);
    await anvil.mine(20);

    await withFollowers(app, follow);

    expect(await historyOf(owner)).toMatchObject([{ isFinal: false, verification: 'none' }]);
    expect(await report()).toContain('disagreement: nodes 0 and 1');
  });
});

describeWithAnvil('a chain with one node', () => {
  const anvil = useAnvil(GENESIS);
  const node = useFakeNode(() => anvil.url);
  const app = useTestApp(() => ({ environment: { CHAINS: chainsOf([node.url]) } }));
  const demo = useApplication(app, { origins: [SITE] });

  it('has no final transaction, since nothing stands behind its contents', async () => {
    const owner = await aWalletOwner(app, demo);
    await withFollowers(app, follow);
    await anvil.pay(owner.address, ETHER);
    await anvil.mine(20);

    await withFollowers(app, follow);

    expect(await historyOf(owner)).toMatchObject([{ isFinal: false, verification: 'none' }]);
  });

  it.each<[string, (answer: unknown) => unknown]>([
    ['none', () => null],
    ['fewer', () => []],
  ])('is followed by single receipts where the node answers %s in bulk', async (_, alter) => {
    const owner = await aWalletOwner(app, demo);
    await withFollowers(app, follow);
    node.lie('eth_getBlockReceipts', alter);
    const { transactionHash } = await anvil.pay(owner.address, ETHER);

    await withFollowers(app, follow);

    expect(await historyOf(owner)).toMatchObject([{ hash: transactionHash, status: 'succeeded' }]);
    node.recover();
  });

  it('waits for a single receipt that comes later, and goes on', async () => {
    const owner = await aWalletOwner(app, demo);
    await withFollowers(app, follow);
    node.fail('eth_getBlockReceipts', -32_601, 'the method does not exist');
    node.lie('eth_getTransactionReceipt', null);
    const { transactionHash } = await anvil.pay(owner.address, ETHER);

    await withFollowers(app, async (replica) => {
      await followerOf(replica).round();
      expect(await replica.nest.get(FollowerStates).report()).toContain('away: block.receipts_absent');
    });
    expect(await historyOf(owner)).toEqual([]);

    node.recover();
    await withFollowers(app, follow);
    expect(await historyOf(owner)).toMatchObject([{ hash: transactionHash }]);
  });
});

describeWithAnvil('a chain of which no encoding is known', () => {
  const anvil = useAnvil({ ...GENESIS, chainId: 1337 });
  const liar = useFakeNode(() => anvil.url);
  const honest = useFakeNode(() => anvil.url);
  const app = useTestApp(() => ({
    environment: { CHAINS: chainsOf([liar.url, honest.url], { chainId: UNKNOWN_CHAIN }) },
  }));
  const demo = useApplication(app, { origins: [SITE] });
  const history = (owner: WalletOwner): Promise<readonly HistoryItem[]> =>
    historyOf(owner, undefined, UNKNOWN_CHAIN);
  const report = (): Promise<string | null> => app.nest.get(FollowerStates).report();
  const real = { status: 'succeeded', transfers: [{ amount: String(ETHER) }] };

  afterEach(() => {
    liar.recover();
    honest.recover();
  });

  const lieAbout = (node: FakeNode, method: string, at: bigint, address: string, alter: Alter): void => {
    node.lie(method, async (params: readonly unknown[], truth: () => Promise<unknown>) => {
      const answer = (await truth()) as Raw | null;
      const isWhole = method === 'eth_getBlockReceipts' || params[1] === true;
      if (answer && isWhole && params[0] === `0x${at.toString(16)}`) alter(answer, address);
      return answer;
    });
  };

  it('has final transactions that two nodes say the same of', async () => {
    const owner = await aWalletOwner(app, demo);
    const token = await anvil.deploy('TestErc20', ['Test', 'TST', 6]);
    await withFollowers(app, follow);
    await anvil.pay(owner.address, ETHER);
    await anvil.write(token, 'mint', [owner.address, 5n]);
    await anvil.mine(20);

    await withFollowers(app, follow);

    const agreed = { isFinal: true, verification: 'agreed' };
    expect(await history(owner)).toMatchObject([
      { ...agreed, transfers: [{ amount: '5' }] },
      { ...agreed, ...real },
    ]);
  });

  it('has agreed transactions also where they were read before this replica began', async () => {
    const owner = await aWalletOwner(app, demo);
    await withFollowers(app, follow);
    await anvil.pay(owner.address, ETHER);
    await withFollowers(app, follow);
    expect(await history(owner)).toMatchObject([{ ...real, isFinal: false, verification: 'none' }]);
    await anvil.mine(20);

    await withFollowers(app, follow);

    expect(await history(owner)).toMatchObject([{ ...real, isFinal: true, verification: 'agreed' }]);
  });

  it.each(lies)('calls only the truth final while one node alters it: %s', async (_, method, alter) => {
    for (const node of [liar, honest]) {
      const owner = await aWalletOwner(app, demo);
      await withFollowers(app, follow);
      const { blockNumber } = await anvil.pay(owner.address, ETHER);
      let lied = 0;
      lieAbout(node, method, blockNumber, owner.address, (answer, address) => {
        lied += 1;
        alter(answer, address);
      });
      await anvil.mine(20);

      await withFollowers(app, follow);
      expect(lied).toBeGreaterThan(0);
      for (const item of await history(owner))
        if (item.isFinal) expect(item).toMatchObject({ ...real, verification: 'agreed' });

      node.recover();
      await withFollowers(app, async (replica) => {
        await followerOf(replica).round();
        await follow(replica);
      });
    }
  });

  it('names the nodes that disagree, and reads again what one of them had altered', async () => {
    const owner = await aWalletOwner(app, demo);
    await withFollowers(app, follow);
    const { blockNumber } = await anvil.pay(owner.address, ETHER);
    const million = { value: '0xd3c21bcecceda1000000' };
    lieAbout(liar, 'eth_getBlockByNumber', blockNumber, owner.address, ({ transactions }) =>
      set(transactions, million),
    );
    await anvil.mine(20);

    await withFollowers(app, follow);

    expect(await history(owner)).toMatchObject([
      { isFinal: false, verification: 'none', transfers: [{ amount: String(10n ** 24n) }] },
    ]);
    expect(await report()).toContain('disagreement: nodes 0 and 1');
    liar.recover();
    await withFollowers(app, async (replica) => {
      await followerOf(replica).round();
      await follow(replica);
    });
    expect(await history(owner)).toMatchObject([{ ...real, isFinal: true, verification: 'agreed' }]);
    expect(await report()).toBeNull();
  });

  it('has no final transaction where the second node does not answer with the contents', async () => {
    const owner = await aWalletOwner(app, demo);
    await withFollowers(app, follow);
    await anvil.pay(owner.address, ETHER);
    honest.fail('eth_getBlockReceipts', -32_000, 'pruned');
    honest.fail('eth_getTransactionReceipt', -32_000, 'pruned');
    await anvil.mine(20);

    await withFollowers(app, follow);

    expect(await history(owner)).toMatchObject([{ ...real, isFinal: false, verification: 'none' }]);
  });
});
