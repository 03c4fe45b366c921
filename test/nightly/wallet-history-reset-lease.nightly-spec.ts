import { setTimeout as sleep } from 'node:timers/promises';
import { DAY } from '@countersign/clock';
import { WalletKeys } from '@countersign/linked-wallets';
import { ChainResets } from '@countersign/wallet-history';
import { describeWithAnvil, useAnvil } from '../support/anvil';
import { expectProblem } from '../support/expect-problem';
import {
  ANVIL_CHAIN,
  aWalletOwner,
  balancesOf,
  chainsOf,
  follow,
  followerOf,
  historyOf,
  storedIn,
} from '../support/followed-wallets';
import { anOperator } from '../support/operator';
import { useCountersign } from '../support/run-countersign';
import { useApplication, useReplica, useTestApp } from '../support/use-test-app';
import { SITE } from '../support/wallets';

interface PositionsRepository {
  restart(...given: readonly unknown[]): Promise<void>;
}

const PATH = `/v1/admin/chains/${ANVIL_CHAIN}/reset`;

describeWithAnvil('a reset of a chain', () => {
  const anvil = useAnvil({ flags: ['--slots-in-an-epoch', '4'] });
  const environment: Record<string, string> = {};
  const app = useTestApp(() => {
    environment['CHAINS'] = chainsOf([anvil.url]);
    return { environment };
  });
  const demo = useApplication(app, { origins: [SITE] });
  const replica = useReplica(app);
  const countersign = useCountersign(app, environment);

  afterEach(() => jest.restoreAllMocks());

  /** Calls `before` when the replica has locked the chain and is about to open the keys of its wallets. */
  function beforeWallets(before: () => unknown): void {
    const keys = replica.nest.get(WalletKeys, { strict: false });
    const open = keys.open.bind(keys);
    jest.spyOn(keys, 'open').mockImplementationOnce(async (...given) => {
      await before();
      return open(...given);
    });
  }

  /** A row of each table that a reset changes. @returns what reads them */
  async function somethingOfAnotherChain(): Promise<() => Promise<readonly object[]>> {
    const { database } = app;
    await database.query(
      `INSERT INTO chain_positions (chain_id, state, state_since) VALUES ('eip155:7', 'starting', now())`,
    );
    await database.query(
      `INSERT INTO chain_blocks (chain_id, number, hash, parent_hash)
       SELECT 'eip155:7', number, hash, parent_hash FROM chain_blocks LIMIT 1`,
    );
    await database.query(
      `INSERT INTO wallet_transfers_pending (chain_id, block_number, block_hash, digest, position, content)
       SELECT chain_id, number, hash, sha256('digest'), 0, 'v1:k:x' FROM chain_blocks WHERE chain_id = 'eip155:7'`,
    );
    await database.query(
      `INSERT INTO wallet_chains (wallet_id, chain_id, from_block) SELECT id, 'eip155:7', 900 FROM wallets LIMIT 1`,
    );
    const tables = ['chain_positions', 'chain_blocks', 'wallet_transfers_pending', 'wallet_chains'];
    return async () => {
      const found = tables.map((table) =>
        database.query(`SELECT * FROM ${table} WHERE chain_id = 'eip155:7'`),
      );
      return (await Promise.all(found)).flat();
    };
  }

  it('is one transaction, and a follower that is in the middle of the chain writes nothing more', async () => {
    const owners = [];
    await anvil.mine(2);
    for (let index = 0; index < 4; index += 1) owners.push(await aWalletOwner(app, demo));
    await follow(app);
    for (const { address } of owners) await anvil.pay(address, 5n);
    await anvil.mine(12);
    await follow(app);
    for (const { address } of owners) await anvil.pay(address, 6n);
    await anvil.mine(12);

    // After all histories are cut.
    const positions = Reflect.get(replica.nest.get(ChainResets), 'positions') as PositionsRepository;
    const restart = positions.restart.bind(positions);
    let round: Promise<number> | undefined;
    jest.spyOn(positions, 'restart').mockImplementationOnce(async (...given) => {
      round = followerOf(app).round();
      await Promise.race([round, sleep(1_000)]);
      return restart(...given);
    });
    const answer = await (await anOperator(replica)).post(PATH, { lastBlock: 1 });
    await round;

    expect([answer.status, answer.body]).toMatchObject([200, { lastBlock: { number: 1 }, wallets: 4 }]);
    await follow(app);
    for (const owner of owners) {
      expect(await historyOf(owner)).toHaveLength(2);
      expect(await balancesOf(owner)).toMatchObject({
        state: 'following',
        balances: [{ finalChange: '11' }],
      });
    }
  });

  it('changes nothing where it fails', async () => {
    const before = await storedIn(app);
    beforeWallets(() => {
      throw new Error('the database is away');
    });

    const answer = await (await anOperator(replica)).post(PATH, { lastBlock: 1 });

    expect(answer.status).toBe(500);
    expect(await storedIn(app)).toEqual(before);
    await anvil.mine(1);
    await follow(app);
    expect(await storedIn(app)).not.toEqual(before);
  });

  it('is recorded on the day on which it ends', async () => {
    await aWalletOwner(app, demo);
    await anvil.mine(14);
    await follow(app);
    beforeWallets(() => {
      app.clock.advance(DAY / 1_000);
    });

    await (await anOperator(replica)).post(PATH, { lastBlock: 1 }).expect(200);

    const [last] = await app.database.query<{ at: Date }>(
      `SELECT max(occurred_at) AS at FROM audit_records WHERE action = 'chain.reset'`,
    );
    expect(last?.at).toEqual(app.clock.now());
  });

  it('goes back to the first block', async () => {
    const owner = await aWalletOwner(app, demo);
    await follow(app);
    await anvil.pay(owner.address, 7n);
    await anvil.mine(12);
    await follow(app);
    const elsewhere = await somethingOfAnotherChain();
    expect(await elsewhere()).toHaveLength(4);
    const before = await elsewhere();

    const told = await countersign.json<object>(`chain reset ${ANVIL_CHAIN} --last-block 0 --confirm`);

    const { hash } = await anvil.client.getBlock({ blockNumber: 0n });
    expect(told).toMatchObject({ lastBlock: { number: 0, hash } });
    expect(await elsewhere()).toEqual(before);
    await follow(app);
    expect(await balancesOf(owner)).toMatchObject({ since: 1, balances: [{ finalChange: '7' }] });
  });

  it('tells of a gap where what it keeps cannot be opened', async () => {
    await app.database.query('DELETE FROM wallet_transfers');
    const owner = await aWalletOwner(app, demo);
    await follow(app);
    await anvil.pay(owner.address, 1n);
    const kept = await anvil.pay(owner.address, 2n);
    await anvil.pay(owner.address, 3n);
    await anvil.mine(12);
    await follow(app);
    await app.database.query(
      `UPDATE wallet_transfers t SET content = o.content FROM wallet_transfers o WHERE o.sequence = 2 AND t.sequence = 1`,
    );

    await (await anOperator(app)).post(PATH, { lastBlock: Number(kept.blockNumber) }).expect(200);

    const [row] = await app.database.query<{ has_gap: boolean }>(
      'SELECT has_gap FROM wallet_chains WHERE wallet_id = $1 AND chain_id = $2',
      [owner.walletId, ANVIL_CHAIN],
    );
    expect(row?.has_gap).toBe(true);
    // The last block itself stays: it is not read again.
    const left = await app.database.query('SELECT sequence::int FROM wallet_transfers ORDER BY 1');
    expect(left).toEqual([{ sequence: 1 }, { sequence: 2 }]);
  });

  it('skips no block that is final and was not read yet', async () => {
    await follow(app);
    const before = await storedIn(app);
    await anvil.mine(30);
    const lastBlock = Number(await anvil.client.getBlockNumber({ cacheTime: 0 })) - 12;

    const answer = await (await anOperator(app)).post(PATH, { lastBlock });

    expectProblem(answer, 409, 'chain.block_not_final');
    expect(await storedIn(app)).toEqual(before);
  });

  it.each(['1000000000', '999999999999', '9007199254740991'])(
    'reads block %s of the command line as a number, which is not final',
    async (lastBlock) => {
      const message = await countersign.failure(
        `chain reset ${ANVIL_CHAIN} --last-block ${lastBlock} --confirm`,
      );

      expect(message).toContain('chain.block_not_final');
      const operator = await anOperator(app);
      expectProblem(
        await operator.post(PATH, { lastBlock: Number(lastBlock) }),
        409,
        'chain.block_not_final',
      );
    },
  );

  it.each(['9007199254740992', '9007199254740993', '99999999999999999999', '-1', '1.5', '1e3', '0x10'])(
    'takes no "%s" for a block',
    async (lastBlock) => {
      const message = await countersign.failure(
        `chain reset ${ANVIL_CHAIN} --last-block=${lastBlock} --confirm`,
      );

      expect(message).toContain('--last-block must be a whole number from 0 to 9007199254740991');
    },
  );
});
