import { privateKeyToAccount, generatePrivateKey } from 'viem/accounts';
import { FollowerStates } from '@countersign/wallet-history';
import { describeWithAnvil, useAnvil } from '../support/anvil';
import { RpcFault, useFakeNode, type FakeNode } from '../support/fake-node';
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

const NO_LOGS = { logs: [], logsBloom: `0x${'00'.repeat(256)}` };
const NO_TRANSACTIONS = {
  transactions: [],
  transactionsRoot: '0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421',
  logsBloom: NO_LOGS.logsBloom,
};

/** How a node hides a payment, or a transfer of a token, so that nothing in its answers contradicts another. */
const omissions: readonly (readonly [
  string,
  'coin' | 'token',
  (block: Raw) => unknown,
  (receipts: Raw[]) => unknown,
])[] = [
  [
    'a transaction',
    'coin',
    (block) => Object.assign(block, NO_TRANSACTIONS),
    (receipts) => (receipts.length = 0),
  ],
  [
    'a log',
    'token',
    (block) => (block['logsBloom'] = NO_LOGS.logsBloom),
    (receipts) => set(receipts, NO_LOGS),
  ],
  [
    'a payment, whose recipient it alters',
    'coin',
    ({ transactions }) => set(transactions, { to: STRANGER }),
    (receipts) => set(receipts, { to: STRANGER }),
  ],
  [
    'a payment, which it calls failed',
    'coin',
    () => undefined,
    (receipts) => set(receipts, { status: '0x0' }),
  ],
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

  it.each<[string, Raw]>([
    ['the amount of a log', { data: `0x${'f'.repeat(64)}` }],
    ['a log that it leaves out', { topics: [] }],
  ])('is not believed about %s', async (_, altered) => {
    const owner = await aWalletOwner(app, demo);
    const token = await anvil.deploy('TestErc20', ['Test', 'TST', 6]);
    await withFollowers(app, follow);
    const { transactionHash } = await anvil.write(token, 'mint', [owner.address, 5n]);
    liar.lie('eth_getBlockReceipts', async (_: readonly unknown[], truth: () => Promise<unknown>) => {
      const receipts = (await truth()) as { transactionHash: string; logs: Raw[] }[];
      const minted = receipts.find((receipt) => receipt.transactionHash === transactionHash);
      if (minted && 'topics' in altered) Object.assign(minted, NO_LOGS);
      set(minted?.logs, altered);
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

  it.each([
    ['before it became final', 'this'],
    ['after another replica had read the block', 'another'],
  ])('of a node that leaves a transaction out makes nothing final: %s', async (_, replica) => {
    const owner = await aWalletOwner(app, demo);
    await withFollowers(app, follow);
    const { blockNumber } = await anvil.pay(owner.address, ETHER);
    const at = `0x${blockNumber.toString(16)}`;
    one.lie('eth_getBlockByNumber', async (params: readonly unknown[], truth: () => Promise<unknown>) => {
      const block = (await truth()) as Raw;
      return params[0] === at && params[1] === true ? { ...block, ...ADDED, ...NO_TRANSACTIONS } : block;
    });
    one.lie('eth_getBlockReceipts', async (params: readonly unknown[], truth: () => Promise<unknown>) =>
      params[0] === at ? [] : truth(),
    );
    if (replica === 'another') {
      await anvil.mine(1);
      await withFollowers(app, follow);
    }
    await anvil.mine(20);

    await withFollowers(app, follow);

    expect(await historyOf(owner)).toEqual([]);
    expect(await report()).toContain('disagreement: nodes 0 and 1');
    one.recover();
    await withFollowers(app, async (fresh) => {
      await followerOf(fresh).round();
      await follow(fresh);
    });
    expect(await historyOf(owner)).toMatchObject([{ ...real, isFinal: true, verification: 'proven' }]);
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

  /** A transfer to the owner, and what a node says of its block instead. */
  const omitted = async (
    owner: WalletOwner,
    node: FakeNode,
    [, asset, ofBlock, ofReceipts]: (typeof omissions)[number],
    isLying: (method: string) => boolean = () => true,
  ): Promise<{ readonly blockNumber: bigint; readonly item: Raw }> => {
    const token = await anvil.deploy('TestErc20', ['Test', 'TST', 6]);
    await withFollowers(app, follow);
    const { blockNumber } =
      asset === 'coin'
        ? await anvil.pay(owner.address, ETHER)
        : await anvil.write(token, 'mint', [owner.address, 5n]);
    const lieOf =
      (method: string, alter: (answer: never) => unknown): Alter =>
      (answer) => {
        if (isLying(method)) alter(answer as never);
      };
    lieAbout(
      node,
      'eth_getBlockByNumber',
      blockNumber,
      owner.address,
      lieOf('eth_getBlockByNumber', ofBlock),
    );
    lieAbout(
      node,
      'eth_getBlockReceipts',
      blockNumber,
      owner.address,
      lieOf('eth_getBlockReceipts', ofReceipts),
    );
    await anvil.mine(20);
    const amount = asset === 'coin' ? String(ETHER) : '5';
    return { blockNumber, item: { transfers: [{ amount }], isFinal: true, verification: 'agreed' } };
  };
  const finalBlock = async (): Promise<number> => {
    const [position] = await app.database.query<{ final: number }>(
      'SELECT final_number::float8 AS final FROM chain_positions',
    );
    return position?.final ?? 0;
  };

  it.each(omissions)('makes no block final of which one node leaves out %s', async (...omission) => {
    for (const node of [liar, honest]) {
      const owner = await aWalletOwner(app, demo);
      const { blockNumber, item } = await omitted(owner, node, omission);

      await withFollowers(app, follow);

      expect(await report()).toContain('disagreement: nodes 0 and 1');
      expect(await finalBlock()).toBeLessThan(Number(blockNumber));
      expect((await history(owner)).filter(({ isFinal }) => isFinal)).toEqual([]);
      node.recover();
      await withFollowers(app, async (replica) => {
        await followerOf(replica).round();
        await follow(replica);
      });
      expect(await history(owner)).toMatchObject([item]);
      expect(await report()).toBeNull();
    }
  });

  it.each(omissions)('reads again what a node left out only at first: %s', async (...omission) => {
    const owner = await aWalletOwner(app, demo);
    const asked = new Map<string, number>();
    const { item } = await omitted(owner, liar, omission, (method) => {
      asked.set(method, (asked.get(method) ?? 0) + 1);
      return asked.get(method) === 1;
    });

    await withFollowers(app, async (replica) => {
      await follow(replica);
      await followerOf(replica).round();
      await follow(replica);
    });

    expect(await history(owner)).toMatchObject([item]);
  });

  it('shows what a node left out that does not repeat it, and calls it not final', async () => {
    const owner = await aWalletOwner(app, demo);
    const [transaction] = omissions;
    let asked = 0;
    await omitted(owner, liar, transaction as (typeof omissions)[number], (method) => {
      if (method === 'eth_getBlockReceipts') return true;
      asked += 1;
      if (asked > 1) throw new RpcFault(-32_000, 'no');
      return true;
    });

    await withFollowers(app, async (replica) => {
      await follow(replica);
      await followerOf(replica).round();
      await follow(replica);
    });

    expect(asked).toBeGreaterThan(1);
    expect(await history(owner)).toMatchObject([{ ...real, isFinal: false, verification: 'none' }]);
  });

  it('misses nothing of a wallet that was linked after the block, or whose key does not open', async () => {
    const broken = await aWalletOwner(app, demo);
    await withFollowers(app, follow);
    const key = generatePrivateKey();
    await app.database.query(`UPDATE wallets SET wallet_key = 'x' || wallet_key WHERE id = $1`, [
      broken.walletId,
    ]);
    await anvil.pay(broken.address, ETHER);
    const { blockNumber } = await anvil.pay(privateKeyToAccount(key).address, ETHER);
    await withFollowers(app, follow);
    const late = await aWalletOwner(app, demo, key);
    await anvil.mine(20);

    await withFollowers(app, follow);

    expect(await report()).toBeNull();
    expect(await finalBlock()).toBeGreaterThan(Number(blockNumber));
    expect(await history(late)).toEqual([]);
  });

  it('asks a second node for each block, and the first one again for those with a transfer', async () => {
    const owner = await aWalletOwner(app, demo);
    await withFollowers(app, follow);
    const from = await finalBlock();
    const head = Number((await anvil.pay(owner.address, ETHER)).blockNumber);
    await anvil.mine(20);
    for (const node of [liar, honest]) node.requests.length = 0;

    await withFollowers(app, follow);

    const readBy = ({ requests }: FakeNode): number[] =>
      requests
        .filter(({ method }) => method === 'eth_getBlockReceipts')
        .map(({ params }) => Number((params as string[])[0]))
        .sort((a, b) => a - b);
    const final = await finalBlock();
    expect(readBy(honest)).toEqual(Array.from({ length: final - from }, (_, index) => from + 1 + index));
    expect(readBy(liar).filter((number) => number === head)).toHaveLength(2);
    expect(new Set(readBy(liar)).size).toBe(readBy(liar).length - 1);
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
