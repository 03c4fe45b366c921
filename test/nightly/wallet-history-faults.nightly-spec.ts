import { describeWithAnvil, useAnvil } from '../support/anvil';
import { useFakeNode, type FakeNode } from '../support/fake-node';
import {
  aWalletOwner,
  balancesOf,
  chainsOf,
  changeOnChain,
  follow,
  followerOf,
  historyOf,
  storedIn,
  touchedOnChain,
  type WalletOwner,
} from '../support/followed-wallets';
import { withFollowers, type FollowerReplica } from '../support/follower-replica';
import { useApplication, useTestApp } from '../support/use-test-app';
import { SITE } from '../support/wallets';

const ether = 10n ** 18n;

describeWithAnvil('a node that gives nothing usable', () => {
  const anvil = useAnvil();
  const node = useFakeNode(() => anvil.url);
  const app = useTestApp(() => ({ environment: { CHAINS: chainsOf([node.url]) } }));
  const demo = useApplication(app, { origins: [SITE] });

  /** By followers of their own: those that were lied to ask their node no more for a while. */
  const inReplica = <T>(work: (replica: FollowerReplica) => Promise<T>): Promise<T> =>
    withFollowers(app, work);

  async function aFollowedOwner(): Promise<WalletOwner> {
    const owner = await aWalletOwner(app, demo);
    await inReplica(follow);
    await anvil.pay(owner.address, ether);
    await inReplica(follow);
    return owner;
  }

  async function expectCaughtUp(owner: WalletOwner): Promise<void> {
    await inReplica(follow);
    const { state, since, staleSince, balances } = await balancesOf(owner);
    expect({ state, staleSince }).toEqual({ state: 'following', staleSince: null });
    expect(BigInt(balances[0]?.change ?? '0')).toBe(await changeOnChain(anvil, owner.address, since ?? 0));
    const seen = (await historyOf(owner)).map(({ block, hash }) => `${block.hash} ${hash ?? ''}`);
    expect(seen.toReversed()).toEqual(await touchedOnChain(anvil, owner.address, since ?? 0));
  }

  const faults: readonly [string, () => void][] = [
    ['is away', () => node.goAway()],
    ['answers that it is busy', () => node.respond(503)],
    ['wants fewer requests', () => node.respond(429, { 'retry-after': '1' })],
    ['answers no JSON', () => node.respond(200, {}, '<html>')],
    ['leaves out logs under a full bloom', () => node.lie('eth_getBlockReceipts', withoutLogs)],
    ['leaves out a receipt, which it has not singly either', () => withoutReceipts(node, withoutTheLast)],
    ['has no receipts yet', () => withoutReceipts(node, null)],
    ['answers receipts of another block', () => node.lie('eth_getBlockReceipts', ofAnotherBlock)],
    ['answers another block', () => node.lie('eth_getBlockByNumber', anotherBlock)],
  ];

  it.each(faults)('changes nothing while it %s, and catches up', async (_, breakIt) => {
    const owner = await aFollowedOwner();
    const token = await anvil.deploy('TestErc20', ['Test', 'TST', 6]);
    await inReplica(follow);
    await anvil.write(token, 'mint', [owner.address, 5n]);
    const before = await storedIn(app);
    breakIt();

    await inReplica(async (replica) => {
      await followerOf(replica).round();
      await followerOf(replica).round();
    });

    expect(await storedIn(app)).toEqual(before);
    const told = await balancesOf(owner);
    expect(told.state).toBe('waiting');
    expect(told.staleSince).not.toBeNull();
    node.recover();
    await expectCaughtUp(owner);
  });

  it('ends with a node whose blocks have parents without end', async () => {
    const owner = await aFollowedOwner();
    const before = await storedIn(app);
    await anvil.mine(1);
    let count = 0;
    const detached = async (_: readonly unknown[], truth: () => Promise<unknown>): Promise<unknown> => ({
      ...((await truth()) as object),
      parentHash: `0x${(count += 1).toString(16).padStart(64, '0')}`,
    });
    node.lie('eth_getBlockByNumber', (params: readonly unknown[], truth: () => Promise<unknown>) =>
      params[0] === 'latest' ? detached(params, truth) : truth(),
    );
    node.lie('eth_getBlockByHash', async ([hash]: readonly unknown[]) => ({
      ...((await detached([], () => anvil.request('eth_getBlockByNumber', ['latest', false]))) as object),
      hash,
    }));

    await inReplica((replica) => followerOf(replica).round());

    expect((await balancesOf(owner)).state).toBe('waiting');
    expect(count).toBeLessThan(10);
    expect(await storedIn(app)).toEqual(before);
    node.recover();
    await expectCaughtUp(owner);
  });

  it('believes no final block above the head', async () => {
    const owner = await aFollowedOwner();
    const before = await storedIn(app);
    await anvil.mine(1);
    node.lie('eth_getBlockByNumber', async (params: readonly unknown[], truth: () => Promise<unknown>) =>
      params[0] === 'finalized'
        ? {
            ...(await anvil.request<object>('eth_getBlockByNumber', ['latest', false])),
            number: '0xfffffff',
          }
        : truth(),
    );

    await inReplica((replica) => followerOf(replica).round());

    expect((await balancesOf(owner)).state).toBe('waiting');
    expect(await storedIn(app)).toEqual(before);
    node.recover();
    await expectCaughtUp(owner);
  });

  it('takes a lower head for no reorganisation', async () => {
    const owner = await aFollowedOwner();
    await anvil.mine(3);
    await inReplica(follow);
    const before = await storedIn(app);
    const lower = Number(await anvil.client.getBlockNumber({ cacheTime: 0 })) - 2;
    node.lie('eth_getBlockByNumber', (params: readonly unknown[], truth: () => Promise<unknown>) =>
      params[0] === 'latest' ? anvil.request('eth_getBlockByNumber', [hexOf(lower), false]) : truth(),
    );

    await inReplica((replica) => followerOf(replica).round());

    expect(await storedIn(app)).toEqual(before);
    node.recover();
    await expectCaughtUp(owner);
  });

  it('follows no node that has become another chain', async () => {
    const owner = await aFollowedOwner();
    const before = await storedIn(app);
    node.lie('eth_getBlockByNumber', async (params: readonly unknown[], truth: () => Promise<unknown>) => ({
      ...((await truth()) as object),
      ...(params[0] === '0x0' ? { hash: `0x${'ab'.repeat(32)}` } : {}),
    }));

    await inReplica((replica) => followerOf(replica).round());

    expect((await balancesOf(owner)).state).toBe('waiting');
    expect(await storedIn(app)).toEqual(before);
    node.recover();
    await expectCaughtUp(owner);
  });

  it('names no address to the node, and asks twice for a block whoever is followed', async () => {
    const owners = [await aFollowedOwner(), await aFollowedOwner()];
    await anvil.pay(owners[0]?.address ?? '0x', 7n, { from: owners[1]?.account as never });
    await anvil.mine(4);
    node.requests.length = 0;

    await inReplica(follow);

    const asked = node.requests.filter(({ params }) => /^0x[1-9a-f]/.test(String((params as unknown[])[0])));
    expect(asked).toHaveLength(10);
    for (const owner of owners) await balancesOf(owner);
    for (const { address } of owners)
      expect(JSON.stringify(node.requests).toLowerCase()).not.toContain(address.slice(2));
  });
});

type Truth = () => Promise<unknown>;

interface RawReceipt {
  readonly logs: readonly unknown[];
  readonly blockHash: string;
}

async function withoutLogs(_: readonly unknown[], truth: Truth): Promise<unknown> {
  return ((await truth()) as RawReceipt[]).map((receipt) => ({ ...receipt, logs: [] }));
}

async function withoutTheLast(_: readonly unknown[], truth: Truth): Promise<unknown> {
  return ((await truth()) as RawReceipt[]).slice(0, -1);
}

async function ofAnotherBlock(_: readonly unknown[], truth: Truth): Promise<unknown> {
  return ((await truth()) as RawReceipt[]).map((receipt) => ({
    ...receipt,
    blockHash: `0x${'1'.repeat(64)}`,
  }));
}

async function anotherBlock([number]: readonly unknown[], truth: Truth): Promise<unknown> {
  const block = (await truth()) as { number: string };
  const isAsked = typeof number === 'string' && /^0x[1-9a-f]/.test(number);
  return isAsked ? { ...block, number: `${block.number}1` } : block;
}

function hexOf(number: number): string {
  return `0x${number.toString(16)}`;
}

function withoutReceipts(node: FakeNode, inBulk: unknown): void {
  node.lie('eth_getBlockReceipts', inBulk);
  node.lie('eth_getTransactionReceipt', null);
}
