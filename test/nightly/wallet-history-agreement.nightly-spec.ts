import { DAY, MINUTE } from '@countersign/clock';
import { FollowerStates } from '@countersign/wallet-history';
import { describeWithAnvil, useAnvil, type Anvil } from '../support/anvil';
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
  UNKNOWN_CHAIN,
  type WalletOwner,
} from '../support/followed-wallets';
import { withFollowers, type FollowerReplica } from '../support/follower-replica';
import type { TestApp } from '../support/test-app';
import { useApplication, useTestApp } from '../support/use-test-app';
import { SITE } from '../support/wallets';

const ether = 10n ** 18n;
const EPOCH = ['--slots-in-an-epoch', '4'];
/** Two of them have the same first block, and their own blocks from the next one on. */
const SAME_GENESIS = { flags: [...EPOCH, '--timestamp', '1700000000'] };
/** Where an hour has fewer blocks. */
const WINDOW_BLOCKS = 1_024;
const BLOCK_TIME = { blockTimeMs: 4_000 };

type Truth = () => Promise<unknown>;

function hexOf(number: number): string {
  return `0x${number.toString(16)}`;
}

async function headOf(anvil: Anvil): Promise<number> {
  return Number(await anvil.client.getBlockNumber({ cacheTime: 0 }));
}

/** Its blocks are its own from the next one on, also where they are as late as those of another. */
function useOther(): Anvil {
  const anvil = useAnvil(SAME_GENESIS);
  beforeAll(() => anvil.request('anvil_setCoinbase', [`0x${'77'.repeat(20)}`]));
  return anvil;
}

async function positionIn(app: TestApp): Promise<{ state: string; fault: string | null; final: number }> {
  const [position] = await app.database.query<{ state: string; fault: string | null; final: number }>(
    'SELECT state, fault, final_number::float8 AS final FROM chain_positions',
  );
  if (!position) throw new Error('no chain is followed');
  return position;
}

async function expectCaughtUp(app: TestApp, anvil: Anvil, owner: WalletOwner): Promise<void> {
  await withFollowers(app, follow);
  const { state, since, staleSince, balances } = await balancesOf(owner);
  expect({ state, staleSince, fault: (await positionIn(app)).fault }).toEqual({
    state: 'following',
    staleSince: null,
    fault: null,
  });
  expect(BigInt(balances[0]?.change ?? '0')).toBe(await changeOnChain(anvil, owner.address, since ?? 0));
  const live = (await historyOf(owner)).filter(({ status }) => status !== 'vanished');
  const seen = live.map(({ block, hash }) => `${block.hash} ${hash ?? ''}`);
  expect(seen.toReversed()).toEqual(await touchedOnChain(anvil, owner.address, since ?? 0));
}

describeWithAnvil('a chain with two nodes', () => {
  const anvil = useAnvil(SAME_GENESIS);
  const other = useOther();
  const first = useFakeNode(() => anvil.url);
  const second = useFakeNode(() => anvil.url);
  const app = useTestApp(() => ({ environment: { CHAINS: chainsOf([first.url, second.url], BLOCK_TIME) } }));
  const demo = useApplication(app, { origins: [SITE] });
  const inReplica = <T>(work: (replica: FollowerReplica) => Promise<T>): Promise<T> =>
    withFollowers(app, work);

  async function aFollowedOwner(): Promise<WalletOwner> {
    const owner = await aWalletOwner(app, demo);
    await inReplica(follow);
    await anvil.pay(owner.address, ether);
    return owner;
  }

  const leases = () =>
    app.database.query<{ lease: string; until: Date }>(
      'SELECT lease, lease_until AS until FROM chain_positions',
    );

  /** @returns the lease that another replica has now */
  async function leaseAnother(forMs: number) {
    await app.database.query('UPDATE chain_positions SET lease = gen_random_uuid(), lease_until = $1', [
      new Date(app.clock.now().getTime() + forMs),
    ]);
    return leases();
  }

  /** The node is on the chain of the other anvil. */
  function fork(node: FakeNode): void {
    for (const method of ['eth_getBlockByNumber', 'eth_getBlockByHash', 'eth_getBlockReceipts'])
      node.lie(method, (params: readonly unknown[]) => other.request(method, params));
  }

  it('makes blocks final when both have them, for one request to the other node', async () => {
    const owner = await aFollowedOwner();
    await anvil.mine(12);
    second.requests.length = 0;

    await inReplica(follow);

    const final = (await anvil.client.getBlock({ blockTag: 'finalized' })).number;
    expect((await positionIn(app)).final).toBe(Number(final));
    const asked = second.requests.filter(({ params }) => (params as unknown[])[0] === hexOf(Number(final)));
    expect(asked).toHaveLength(1);
    expect(second.methods()).not.toContain('eth_getBlockReceipts');
    await expectCaughtUp(app, anvil, owner);
  });

  it.each([2 * DAY, 17 * MINUTE])(
    'is followed although a wrong clock made the lease of a replica longer than any, by %i ms',
    async (aheadMs) => {
      const owner = await aFollowedOwner();
      await leaseAnother(aheadMs);
      await anvil.mine(3);

      await inReplica(follow);

      await expectCaughtUp(app, anvil, owner);
    },
  );

  it('is left to a replica whose lease is as long as the longest', async () => {
    await aFollowedOwner();
    const before = await leaseAnother(15 * MINUTE);
    await inReplica((replica) => followerOf(replica).round());
    expect(await leases()).toEqual(before);
    await app.database.query('UPDATE chain_positions SET lease = NULL, lease_until = NULL');
  });

  it('makes nothing final while they have other blocks, says so, and goes on when they agree', async () => {
    const owner = await aFollowedOwner();
    await inReplica(follow);
    const { final } = await positionIn(app);
    await anvil.mine(20);
    await other.mine(await headOf(anvil));
    fork(second);

    const told = await inReplica(async (replica) => {
      await follow(replica);
      await followerOf(replica).round();
      const readiness = await replica.nest.get(FollowerStates).report();
      return { readiness, metrics: await replica.metrics() };
    });

    const fault = 'disagreement: nodes 0 and 1 of the file of chains';
    expect(await positionIn(app)).toEqual({ state: 'waiting', fault, final });
    expect(told.readiness).toContain(`waiting (${fault})`);
    expect(told.metrics).toMatch(/countersign_chain_faults_total\{.*kind="disagreement"\} [1-9]/);
    expect((await historyOf(owner)).every(({ isFinal }) => !isFinal)).toBe(true);
    const { state, staleSince } = await balancesOf(owner);
    expect(state).toBe('waiting');
    expect(staleSince).not.toBeNull();
    second.recover();
    await expectCaughtUp(app, anvil, owner);
    expect((await positionIn(app)).final).toBeGreaterThan(final);
  });

  it('stays with the chain of the first node while they disagree', async () => {
    const owner = await aFollowedOwner();
    await inReplica(follow);
    await anvil.mine(20);
    await other.mine(await headOf(anvil));
    fork(second);

    await inReplica(async (replica) => {
      await followerOf(replica).round();
      const before = await storedIn(app);
      for (let round = 0; round < 3; round += 1) await followerOf(replica).round();
      expect(await storedIn(app)).toEqual(before);
      const metrics = await replica.metrics();
      expect(metrics).toMatch(/countersign_chain_faults_total\{.*kind="disagreement"\} [1-9]/);
      expect(metrics).not.toMatch(/countersign_chain_reorganisations_total\{.*\} [1-9]/);
    });
    second.recover();
    await expectCaughtUp(app, anvil, owner);
  });

  it('believes one node no final block that the other does not call so yet', async () => {
    const owner = await aFollowedOwner();
    await anvil.mine(12);
    await inReplica(follow);
    const early = Number((await anvil.client.getBlock({ blockTag: 'finalized' })).number);
    await anvil.mine(3);
    first.lie('eth_getBlockByNumber', (params: readonly unknown[], truth: Truth) =>
      params[0] === 'finalized' ? anvil.request('eth_getBlockByNumber', ['latest', false]) : truth(),
    );

    await inReplica(follow);

    const final = Number((await anvil.client.getBlock({ blockTag: 'finalized' })).number);
    expect((await positionIn(app)).final).toBe(final);
    expect(final).toBeGreaterThanOrEqual(early);
    expect(final).toBeLessThan(await headOf(anvil));
    first.recover();
    await expectCaughtUp(app, anvil, owner);
  });

  it('reads on without the other node, makes nothing final, and holds no more than it can', async () => {
    const owner = await aFollowedOwner();
    await inReplica(follow);
    const { final } = await positionIn(app);
    second.goAway();
    await anvil.mine(20);

    await inReplica(async (replica) => {
      await follow(replica);
      const { asOfBlock, state } = await balancesOf(owner);
      expect({ number: asOfBlock?.number, state }).toEqual({ number: await headOf(anvil), state: 'waiting' });
      expect(await positionIn(app)).toMatchObject({ fault: 'unconfirmed: no_second_node', final });
      expect(await replica.nest.get(FollowerStates).report()).toContain('no_second_node');
      await anvil.mine(WINDOW_BLOCKS);
      await follow(replica);
      await follow(replica);
    });

    const [{ count } = { count: 0 }] = await app.database.query<{ count: number }>(
      'SELECT count(*)::int FROM chain_blocks',
    );
    expect(count).toBeLessThanOrEqual(WINDOW_BLOCKS);
    expect(count).toBeGreaterThan(WINDOW_BLOCKS - 16);
    expect(await positionIn(app)).toMatchObject({ fault: 'unconfirmed: no_second_node', final });
    second.recover();
    await expectCaughtUp(app, anvil, owner);
    expect((await positionIn(app)).final).toBeGreaterThan(final + WINDOW_BLOCKS);
  });
});

describeWithAnvil('a chain with two nodes that is not read yet', () => {
  const anvil = useAnvil(SAME_GENESIS);
  const other = useOther();
  const first = useFakeNode(() => anvil.url);
  const second = useFakeNode(() => anvil.url);
  const app = useTestApp(() => ({ environment: { CHAINS: chainsOf([first.url, second.url], BLOCK_TIME) } }));
  beforeEach(async () => {
    await app.database.query('DELETE FROM chain_blocks');
    await app.database.query('DELETE FROM chain_positions');
    await anvil.mine(20);
    await other.mine(20);
  });

  it.each<[string, string, () => void]>([
    ['is away', 'away: no_second_node', () => second.goAway()],
    [
      'has not got the block yet',
      'away: second_node_behind',
      () => second.lie('eth_getBlockByNumber', genesisOnly),
    ],
    [
      'has another block',
      'disagreement: nodes 0 and 1 of the file of chains',
      () =>
        second.lie('eth_getBlockByNumber', (params: readonly unknown[]) =>
          other.request('eth_getBlockByNumber', params),
        ),
    ],
  ])('begins with no block while the other node %s', async (_, fault, breakIt) => {
    breakIt();

    await withFollowers(app, (replica) => followerOf(replica).round());

    expect(await storedIn(app)).toEqual([]);
    expect(await positionIn(app)).toMatchObject({ state: 'waiting', fault });
    second.recover();
    await withFollowers(app, follow);
    expect(await positionIn(app)).toMatchObject({ state: 'following', fault: null });
  });

  it('begins with an earlier block where the other node is behind', async () => {
    const earlier = await anvil.request('eth_getBlockByNumber', [hexOf(5), false]);
    second.lie('eth_getBlockByNumber', (params: readonly unknown[], truth: Truth) =>
      params[0] === 'finalized' ? earlier : truth(),
    );

    await withFollowers(app, (replica) => followerOf(replica).round());

    expect(await positionIn(app)).toMatchObject({ state: 'following', final: 5 });
  });

  it('begins with no block that a node chose that is far behind', async () => {
    for (let mined = 0; mined < WINDOW_BLOCKS + 100; mined += 100) await anvil.mine(100);
    first.lie('eth_getBlockByNumber', () => anvil.request('eth_getBlockByNumber', ['0x0', false]));

    await withFollowers(app, (replica) => followerOf(replica).round());

    expect(await storedIn(app)).toEqual([]);
    expect(await positionIn(app)).toMatchObject({ state: 'waiting', fault: 'away: far_behind' });
  });
});

describeWithAnvil('a chain with three nodes', () => {
  const anvil = useAnvil(SAME_GENESIS);
  const other = useOther();
  const liar = useFakeNode(() => anvil.url);
  const second = useFakeNode(() => anvil.url);
  const third = useFakeNode(() => anvil.url);
  const app = useTestApp(() => ({
    environment: { CHAINS: chainsOf([liar.url, second.url, third.url]) },
  }));
  const demo = useApplication(app, { origins: [SITE] });

  it('is followed by two that agree, and what the third invented vanishes', async () => {
    const owner = await aWalletOwner(app, demo);
    await withFollowers(app, follow);
    for (const method of ['eth_getBlockByNumber', 'eth_getBlockByHash', 'eth_getBlockReceipts'])
      liar.lie(method, (params: readonly unknown[]) => other.request(method, params));
    const invented = await other.pay(owner.address, 5n * ether);
    await withFollowers(app, follow);
    expect(await historyOf(owner)).toMatchObject([{ hash: invented.transactionHash, isFinal: false }]);
    await anvil.pay(owner.address, 7n);
    await anvil.mine(20);
    await other.mine(20);

    await withFollowers(app, async (replica) => {
      await followerOf(replica).round();
      await follow(replica);
    });

    await expectCaughtUp(app, anvil, owner);
    const final = Number((await anvil.client.getBlock({ blockTag: 'finalized' })).number);
    expect(await positionIn(app)).toMatchObject({ final });
    const vanished = (await historyOf(owner)).filter(({ status }) => status === 'vanished');
    expect(vanished.map(({ hash }) => hash)).toEqual([invented.transactionHash]);
  });

  it('becomes final as two call it so, however few blocks the third does', async () => {
    await withFollowers(app, follow);
    const { final: before } = await positionIn(app);
    await anvil.mine(20);
    const slow = await anvil.request('eth_getBlockByNumber', [hexOf(before + 1), false]);
    second.lie('eth_getBlockByNumber', (params: readonly unknown[], truth: Truth) =>
      params[0] === 'finalized' ? slow : truth(),
    );

    await withFollowers(app, (replica) => followerOf(replica).round());

    const { number } = await anvil.client.getBlock({ blockTag: 'finalized' });
    expect(Number(number)).toBeGreaterThan(before + 1);
    expect(await positionIn(app)).toMatchObject({ fault: null, final: Number(number) });
  });
});

describeWithAnvil('a node whose blocks cannot be', () => {
  const anvil = useAnvil({ ...SAME_GENESIS, chainId: 1337 });
  const node = useFakeNode(() => anvil.url);
  const app = useTestApp(() => ({
    environment: { CHAINS: chainsOf([node.url], { chainId: UNKNOWN_CHAIN }) },
  }));
  beforeEach(async () => {
    await withFollowers(app, follow);
    await anvil.mine(3);
  });

  it.each<[string, string, number]>([
    ['in the future', 'lying: block.in_the_future', 4_000_000_000],
    ['before its parent', 'lying: block.before_its_parent', 1],
  ])('changes nothing by a block %s', async (_, fault, timestamp) => {
    const before = await storedIn(app);
    const top = hexOf(await headOf(anvil));
    node.lie('eth_getBlockByNumber', async (params: readonly unknown[], truth: Truth) => {
      const block = await truth();
      return params[0] === top ? { ...(block as object), timestamp: hexOf(timestamp) } : block;
    });

    await withFollowers(app, (replica) => followerOf(replica).round());

    expect(await positionIn(app)).toMatchObject({ state: 'waiting', fault });
    expect(await storedIn(app)).toEqual(before);
    node.recover();
    await withFollowers(app, follow);
    expect(await positionIn(app)).toMatchObject({ state: 'following', fault: null });
  });

  it('is not followed through reorganisations without end', async () => {
    const top = hexOf(await headOf(anvil));
    let asked = 0;
    node.lie('eth_getBlockByNumber', async (params: readonly unknown[], truth: Truth) => {
      const block = (await truth()) as object;
      if (params[0] !== top || params[1] !== true) return block;
      asked += 1;
      return { ...block, parentHash: `0x${asked.toString(16).padStart(64, '0')}` };
    });
    node.lie('eth_getBlockByHash', async ([hash]: readonly unknown[]) => {
      const number = (await headOf(anvil)) - 1;
      const block = await anvil.request<object>('eth_getBlockByNumber', [hexOf(number), false]);
      return { ...block, hash };
    });

    await withFollowers(app, (replica) => followerOf(replica).round());

    expect(await positionIn(app)).toMatchObject({
      state: 'waiting',
      fault: 'lying: reorganising_without_end',
    });
    node.recover();
    await withFollowers(app, follow);
    expect(await positionIn(app)).toMatchObject({ state: 'following', fault: null });
  });
});

async function genesisOnly(params: readonly unknown[], truth: Truth): Promise<unknown> {
  return params[0] === '0x0' ? truth() : null;
}
