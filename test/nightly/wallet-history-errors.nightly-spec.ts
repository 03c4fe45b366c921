import { FollowerStates } from '@countersign/wallet-history';
import { describeWithAnvil, useAnvil } from '../support/anvil';
import { useFakeNode, type Lie } from '../support/fake-node';
import {
  aWalletOwner,
  balancesOf,
  chainsOf,
  changeOnChain,
  follow,
  followerOf,
  historyOf,
  touchedOnChain,
  type WalletOwner,
  UNKNOWN_CHAIN,
} from '../support/followed-wallets';
import { withFollowers } from '../support/follower-replica';
import { useApplication, useTestApp } from '../support/use-test-app';
import { SITE } from '../support/wallets';

const ether = 10n ** 18n;

describeWithAnvil('a follower that fails', () => {
  const anvil = useAnvil({ flags: ['--slots-in-an-epoch', '4'], chainId: 1337 });
  const node = useFakeNode(() => anvil.url);
  const app = useTestApp(() => ({
    environment: { CHAINS: chainsOf([node.url], { chainId: UNKNOWN_CHAIN }) },
  }));
  const demo = useApplication(app, { origins: [SITE] });

  // A new replica each time: one that got a false answer stops asking its node for a while.
  async function readOn(): Promise<void> {
    await withFollowers(app, follow);
  }

  async function aFollowedOwner(): Promise<WalletOwner> {
    const owner = await aWalletOwner(app, demo);
    await readOn();
    await anvil.pay(owner.address, ether);
    await anvil.mine(12);
    await readOn();
    return owner;
  }

  async function expectCaughtUp(owner: WalletOwner): Promise<void> {
    await readOn();
    const { state, since, staleSince, balances } = await balancesOf(owner);
    expect({ state, staleSince, ...((await positionNow()) as object) }).toEqual({
      state: 'following',
      staleSince: null,
      fault: null,
    });
    expect(BigInt(balances[0]?.change ?? '0')).toBe(await changeOnChain(anvil, owner.address, since ?? 0));
    const seen = (await historyOf(owner, undefined, UNKNOWN_CHAIN)).map(
      ({ block, hash }) => `${block.hash} ${hash ?? ''}`,
    );
    expect(seen.toReversed()).toEqual(await touchedOnChain(anvil, owner.address, since ?? 0));
  }

  async function positionNow(): Promise<unknown> {
    const [position] = await app.database.query('SELECT state, fault FROM chain_positions');
    return position;
  }

  it('stops when a transaction is in two final blocks, and goes on when it is not', async () => {
    const owner = await aFollowedOwner();
    const { block, receipts } = await asRead(
      (await historyOf(owner, undefined, UNKNOWN_CHAIN))[0]?.block.number ?? 0,
    );
    const lateNumber = hexOf(Number(await anvil.client.getBlockNumber({ cacheTime: 0 })) + 1);
    await anvil.mine(12);
    // The bloom, the receipts and the transactions are those of the older block; hash and parent are its own.
    const replayed: Lie = async (
      params: readonly unknown[],
      truth: () => Promise<unknown>,
    ): Promise<unknown> => {
      const own = (await truth()) as { number: string; hash: string } | null;
      if (own?.number !== lateNumber || params[1] !== true) return own;
      const transactions = block.transactions.map((transaction) => at(transaction, own));
      return { ...own, transactions, logsBloom: block.logsBloom };
    };
    node.lie('eth_getBlockByNumber', replayed);
    node.lie('eth_getBlockReceipts', async ([number]: readonly unknown[], truth: () => Promise<unknown>) => {
      if (number !== lateNumber) return truth();
      const own = await anvil.request<Located>('eth_getBlockByNumber', [lateNumber, false]);
      return receipts.map((receipt) => at(receipt, own));
    });

    const failed = await withFollowers(app, async (replica) => {
      const waits = [];
      for (let round = 0; round < 4; round += 1) waits.push(await followerOf(replica).round());
      return { waits, told: await replica.nest.get(FollowerStates).report() };
    });

    expect(await positionNow()).toEqual({ state: 'stopped', fault: 'lying: transaction_twice' });
    expect(failed.told).toContain('stopped (lying: transaction_twice)');
    expect(failed.waits.at(-1)).toBeGreaterThan(failed.waits[0] ?? 0);
    expect((await balancesOf(owner)).staleSince).not.toBeNull();
    node.recover();
    await expectCaughtUp(owner);
  });

  interface Located {
    readonly number: string;
    readonly hash: string;
  }

  async function asRead(number: number): Promise<{
    block: { readonly transactions: readonly object[]; readonly logsBloom: string };
    receipts: readonly object[];
  }> {
    return {
      block: await anvil.request('eth_getBlockByNumber', [hexOf(number), true]),
      receipts: await anvil.request('eth_getBlockReceipts', [hexOf(number)]),
    };
  }

  function at(part: object, { number, hash }: Located): object {
    return { ...part, blockNumber: number, blockHash: hash };
  }

  it('records an error of its own with a reason, waits longer each time, and goes on', async () => {
    const owner = await aFollowedOwner();
    await anvil.pay(owner.address, 7n);
    await app.database.query(
      `CREATE FUNCTION refuse_row() RETURNS trigger LANGUAGE plpgsql AS
         $$ BEGIN RAISE EXCEPTION 'no row of %', NEW.block_hash USING ERRCODE = '23505'; END $$`,
    );
    await app.database.query(
      'CREATE TRIGGER refuse BEFORE INSERT ON wallet_transfers_pending FOR EACH ROW EXECUTE FUNCTION refuse_row()',
    );
    const before = await hashesOf(owner);
    try {
      const { waits, told, metrics } = await withFollowers(app, async (replica) => {
        const follower = followerOf(replica);
        const all = [await follower.round(), await follower.round(), await follower.round()];
        const text = await replica.nest.get(FollowerStates).report();
        return { waits: all, told: text, metrics: await replica.metrics() };
      });

      expect(await positionNow()).toEqual({ state: 'waiting', fault: 'internal: QueryFailedError 23505' });
      expect(told).toContain('waiting (internal: QueryFailedError 23505)');
      expect(waits).toEqual([...waits].sort((a, b) => a - b));
      expect(waits[2]).toBeGreaterThan(waits[0] ?? 0);
      expect(metrics).toContain('countersign_chain_faults_total{chain="eip155:1337",kind="internal"} 3');
      expect(await hashesOf(owner)).toEqual(before);
      expect((await balancesOf(owner)).state).toBe('waiting');
    } finally {
      await app.database.query('DROP TRIGGER refuse ON wallet_transfers_pending');
      await app.database.query('DROP FUNCTION refuse_row()');
    }
    await expectCaughtUp(owner);
  });
});

async function hashesOf(owner: WalletOwner): Promise<readonly (string | null)[]> {
  return (await historyOf(owner, undefined, UNKNOWN_CHAIN)).map(({ hash }) => hash);
}

function hexOf(number: number): string {
  return `0x${number.toString(16)}`;
}
