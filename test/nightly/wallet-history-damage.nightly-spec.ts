import { ErasureUpkeep } from '@countersign/account';
import { DAY } from '@countersign/clock';
import { settleAttachments } from '../support/accounts';
import { describeWithAnvil, useAnvil } from '../support/anvil';
import {
  ANVIL_CHAIN,
  aWalletOwner,
  balancesOf,
  chainsOf,
  follow,
  followerOf,
  historyOf,
  type WalletOwner,
  twice,
} from '../support/followed-wallets';
import { withFollowers } from '../support/follower-replica';
import { readExport } from '../support/export-schema';
import { aSteppedUp } from '../support/linked-wallets';
import { anOperator } from '../support/operator';
import { useApplication, useTestApp } from '../support/use-test-app';
import { anEvmWallet, SITE, walletProof } from '../support/wallets';

const ether = 10n ** 18n;
const MESSAGE = 'the key of a wallet cannot be opened';

describeWithAnvil('a wallet whose key cannot be opened', () => {
  const anvil = useAnvil({ flags: ['--slots-in-an-epoch', '4'] });
  const app = useTestApp(() => ({ environment: { CHAINS: chainsOf(twice(anvil.url)) } }));
  const demo = useApplication(app, { origins: [SITE] });

  /** With a key that is another wallet's. @returns what mends it */
  async function damage({ walletId }: WalletOwner, column = 'wallet_key'): Promise<() => Promise<unknown>> {
    const [row] = await app.database.query<{ kept: string }>(
      `SELECT ${column} AS kept FROM wallets WHERE id = $1`,
      [walletId],
    );
    const set = (value: string | undefined): Promise<unknown> =>
      app.database.query(`UPDATE wallets SET ${column} = $2 WHERE id = $1`, [walletId, value]);
    const { walletId: other } = await aWalletOwner(app, demo);
    await app.database.query(
      `UPDATE wallets w SET ${column} = o.${column} FROM wallets o WHERE w.id = $1 AND o.id = $2`,
      [walletId, other],
    );
    return () => set(row?.kept);
  }

  async function gauge(): Promise<number | null> {
    const { text } = await app.gateway.get('/metrics');
    const found = /countersign_chain_unreadable_wallets\{chain="eip155:31337"\} (\d+)/.exec(text);
    return found ? Number(found[1]) : null;
  }

  it('stops nobody else, is told once, and has a gap when it opens again', async () => {
    const [owner, other] = [await aWalletOwner(app, demo), await aWalletOwner(app, demo)];
    await follow(app);
    await anvil.pay(owner.address, ether);
    await anvil.mine(12);
    await follow(app);
    await anvil.pay(owner.address, 1n);
    await follow(app);
    const mend = await damage(owner);
    const before = app.logLines.length;

    for (let round = 0; round < 3; round += 1) {
      await anvil.pay(owner.address, 2n);
      await anvil.pay(other.address, 3n);
      await follow(app);
    }
    await anvil.mine(12);
    await follow(app);

    expect((await balancesOf(other)).balances[0]).toMatchObject({ change: '9', finalChange: '9' });
    const told = app.logLines.slice(before).filter((line) => line.includes(MESSAGE));
    expect(told).toHaveLength(1);
    expect(told[0]).toContain(owner.walletId);
    expect(told[0]).not.toContain(owner.address.slice(2));
    expect(await gauge()).toBe(1);
    const balances = await owner.session.get(`/v1/wallets/${owner.walletId}/balances`);
    expect([balances.status, balances.body as unknown]).toEqual([
      200,
      {
        chains: [],
        notFollowed: [
          { chainId: ANVIL_CHAIN, reason: 'unreadable' },
          { chainId: 'eip155:1', reason: 'not_configured' },
        ],
      },
    ]);
    for (const part of ['transactions', 'collectibles']) {
      const path = `/v1/wallets/${owner.walletId}/${part}?chainId=${ANVIL_CHAIN}`;
      const answer = await owner.session.get(path);
      expect([answer.status, answer.body]).toMatchObject([409, { code: 'wallet.history_unreadable' }]);
    }
    const exported = await owner.session.get('/v1/me/export');
    expect(() => readExport(exported.text)).not.toThrow();
    const { sections } = exported.body as { sections: Record<string, { items: object[] }> };
    expect(sections['walletChains']?.items).toMatchObject([{ isReadable: false, hasGap: true }]);

    await mend();
    await anvil.pay(owner.address, 5n);
    await follow(app);

    expect(await gauge()).toBe(0);
    const mended = await balancesOf(owner);
    expect(mended).toMatchObject({ hasGap: true, balances: [{ change: (ether + 5n).toString() }] });
    expect((await balancesOf(other)).hasGap).toBe(false);
  });

  it('loses its pending rows to a follower that takes over, and says so', async () => {
    const [owner, other] = [await aWalletOwner(app, demo), await aWalletOwner(app, demo)];
    await follow(app);
    await anvil.pay(owner.address, ether);
    await anvil.pay(other.address, ether);
    await follow(app);
    const mend = await damage(owner);
    await anvil.mine(12);
    await followerOf(app).release();

    await withFollowers(app, follow);

    expect((await balancesOf(other)).balances[0]).toMatchObject({
      isChangeFinal: true,
      change: ether.toString(),
    });
    await mend();
    expect(await balancesOf(owner)).toMatchObject({ hasGap: true, balances: [{ change: '0' }] });
  });

  it('stops nobody when a row of its blocks is damaged', async () => {
    const owner = await aWalletOwner(app, demo);
    await follow(app);
    await anvil.pay(owner.address, ether);
    await anvil.pay(owner.address, 2n);
    await follow(app);
    await app.database.query(
      `UPDATE wallet_transfers_pending p SET content = o.content FROM wallet_transfers_pending o
       WHERE p.block_number + 1 = o.block_number AND p.block_number = (
         SELECT max(block_number) - 1 FROM wallet_transfers_pending
       )`,
    );
    expect((await owner.session.get(`/v1/wallets/${owner.walletId}/balances`)).status).toBe(200);
    await anvil.mine(12);
    await follow(app);

    expect(await balancesOf(owner)).toMatchObject({
      hasGap: true,
      state: 'following',
      balances: [{ change: '2', isChangeFinal: true }],
    });
    expect(await historyOf(owner)).toHaveLength(1);
  });

  it('keeps no chain from being read again when rows of a history are damaged', async () => {
    const owner = await aWalletOwner(app, demo);
    await follow(app);
    await anvil.pay(owner.address, ether);
    await anvil.pay(owner.address, 1n, { from: owner.account });
    await anvil.mine(12);
    await follow(app);
    const { finalBlock } = await balancesOf(owner);
    for (const amount of [3n, 4n]) await anvil.pay(owner.address, amount);
    await anvil.mine(12);
    await follow(app);
    const known = (await historyOf(owner)).map(({ hash }) => hash);
    const ofOwner = `SELECT digest FROM wallet_transfers GROUP BY digest ORDER BY count(*) DESC LIMIT 1`;
    await app.database.query(
      `UPDATE wallet_transfers t SET content = o.content FROM wallet_transfers o
       WHERE t.digest = (${ofOwner}) AND o.digest = t.digest AND o.sequence = t.sequence - 1
         AND t.sequence = (SELECT max(sequence) FROM wallet_transfers WHERE digest = t.digest)`,
    );
    await app.database.query(
      `UPDATE wallet_chains SET counterparties = counterparties || 'x' WHERE wallet_id = $1`,
      [owner.walletId],
    );
    const operator = await anOperator(app);

    const answer = await operator.post(`/v1/admin/chains/${ANVIL_CHAIN}/reset`, { lastBlock: finalBlock });

    expect([answer.status, answer.body]).toMatchObject([200, { removedEntries: 2 }]);
    await follow(app);
    expect((await historyOf(owner)).map(({ hash }) => hash)).toEqual(known);
    expect(await balancesOf(owner)).toMatchObject({ hasGap: true, state: 'following' });
  });

  it('stops no chain that was read again while its key did not open, and has nothing twice', async () => {
    const [owner, other] = [await aWalletOwner(app, demo), await aWalletOwner(app, demo)];
    await follow(app);
    await anvil.mine(12);
    await follow(app);
    const { finalBlock: lastBlock } = await balancesOf(owner);
    await anvil.pay(owner.address, ether);
    await anvil.pay(other.address, 5n);
    await anvil.pay(owner.address, 1n, { from: owner.account });
    await anvil.mine(12);
    await follow(app);
    const known = await historyOf(owner);
    const { balances } = await balancesOf(owner);
    expect(known.map(({ isFinal }) => isFinal)).toEqual([true, true]);
    const mend = await damage(owner);
    const operator = await anOperator(app);
    await operator.post(`/v1/admin/chains/${ANVIL_CHAIN}/reset`, { lastBlock }).expect(200);
    expect(await historyOf(other)).toEqual([]);
    await mend();
    const { transactionHash } = await anvil.pay(owner.address, 7n);
    await anvil.mine(12);

    await follow(app);

    const after = await balancesOf(owner);
    expect(after).toMatchObject({ hasGap: true, state: 'following', staleSince: null });
    const hashes = (await historyOf(owner)).map(({ hash }) => hash);
    expect(hashes).toEqual([transactionHash, ...known.map(({ hash }) => hash)]);
    expect(BigInt(after.balances[0]?.finalChange ?? '0')).toBe(BigInt(balances[0]?.change ?? '0') + 7n);
    expect(await balancesOf(other)).toMatchObject({ hasGap: false, balances: [{ finalChange: '5' }] });
    expect(await historyOf(other)).toHaveLength(1);
  });

  it('is unlinked, merged and erased all the same', async () => {
    const [unlinked, erased] = [await aWalletOwner(app, demo), await aWalletOwner(app, demo)];
    const wallet = anEvmWallet('siwe');
    const merged = await aWalletOwner(app, demo, wallet.key);
    for (const owner of [unlinked, erased, merged]) await damage(owner);

    await settleAttachments(app);
    expect((await unlinked.session.delete(`/v1/wallets/${unlinked.walletId}`)).status).toBe(204);
    const survivor = await aSteppedUp(app, demo);
    const proof = await walletProof(survivor, wallet, 'merge');
    expect((await survivor.post('/v1/me/merges', proof)).status).toBe(200);
    await settleAttachments(app);
    expect((await survivor.delete(`/v1/wallets/${merged.walletId}`)).status).toBe(204);
    const { session } = erased;
    expect((await session.delete(`/v1/me?confirm=${session.userId}`)).status).toBe(202);
    app.clock.advance((8 * DAY) / 1_000);
    await app.nest.get(ErasureUpkeep).run();

    const ids = [unlinked, erased, merged].map(({ walletId }) => walletId);
    expect(await app.database.query('SELECT 1 FROM wallets WHERE id = ANY($1)', [ids])).toEqual([]);
    expect(await app.database.query('SELECT 1 FROM wallet_chains WHERE wallet_id = ANY($1)', [ids])).toEqual(
      [],
    );
  });
});
