import type { PoolClient } from 'pg';
import { type CallOf, type ChainToRead, Refused } from '@countersign/custody-protocol';
import {
  assertActing,
  assertLive,
  ForeignRow,
  type SealedRow,
  type SealedValues,
  type WalletSeal,
  type WalletState,
  wayOutAt,
  withoutWaits,
} from '@countersign/custody-rules';
import { together } from '@countersign/database';
import type { Copies } from './copies';
import {
  IS_BRAKED,
  lastChangeOf,
  LAST_RELEASE,
  LAST_RESTORE,
  type NewEntry,
  nextEntry,
} from './journal.repository';

export interface SealedWallet extends SealedRow, WalletState {}

type OfWallet = NewEntry & { readonly walletId: string };

const COLUMNS = `w.id, w.entropy, w.keys, w.key_id AS "keyId", w.state, ${lastChangeOf('w.id')} AS "changedBy",
  ${IS_BRAKED} AS "isBraked", ${LAST_RELEASE} AS "releasedBy",
  ${LAST_RESTORE} AS "restoredBy"`;
const FROM = `SELECT ${COLUMNS} FROM custody.wallets w WHERE w.key_id IS NOT NULL AND`;

const RETENTION_MS = 7 * 24 * 3_600_000;
/** A report of the reader stays fresh this long while transactions wait. */
const REPORT_MS = 5_000;

/** Columns that are not sealed only find rows. Copies are written last, so that a refusal undoes rows only. */
export class SealedWallets {
  constructor(
    readonly seal: WalletSeal,
    private readonly copies: Copies | null,
  ) {}

  /** Makes the wallet unless it exists. It writes the copy first. An interrupted call may have left a copy. */
  async create(client: PoolClient, call: CallOf<'create'>, now: Date): Promise<void> {
    const { walletId, environment } = call;
    await this.add(client, call, now, async (sequence) => {
      const made = this.seal.newWallet(walletId, { environment, sequence }, now);
      return (await this.copies?.add(walletId, made)) ?? made;
    });
  }

  /** Restores a wallet without a row from its copy. @returns false if the row exists */
  async restoreKey(client: PoolClient, call: CallOf<'restore-key'>, now: Date): Promise<boolean> {
    return this.add(client, call, now, async () => {
      const copy = await this.copies?.read(call.walletId);
      if (copy) return copy;
      throw new Refused('wallet_unknown');
    });
  }

  /**
   * Writes copies that are missing, damaged or different from the row, in the order of ids after `after`.
   * @returns the last wallet that it looked at; null at the end
   */
  async copy(client: PoolClient, after: string, limit: number): Promise<string | null> {
    const { copies } = this;
    if (!copies) return null;
    const { rows } = await client.query<SealedRow>(`${FROM} id > $1 ORDER BY id LIMIT $2`, [after, limit]);
    const wanted = [];
    for (const { id, state } of rows)
      if ((await copies.read(id).catch(() => null))?.state !== state) wanted.push(id);
    const locked = await client.query<SealedRow>(`${FROM} id = ANY($1) FOR UPDATE`, [wanted]);
    await copies.replace(this.seal.unforged(locked.rows));
    return rows.at(-1)?.id ?? null;
  }

  /** The transaction holds the head of the journal, so it sees a brake or a freeze that was answered. */
  async getActing(client: PoolClient, id: string): Promise<SealedWallet> {
    const wallet = await this.get(client, id);
    assertActing(wallet);
    return wallet;
  }

  async getLive(client: PoolClient, id: string): Promise<SealedWallet> {
    const wallet = await this.get(client, id);
    assertLive(wallet);
    return wallet;
  }

  async get(client: PoolClient, id: string): Promise<SealedWallet> {
    const [wallet] = await this.select(client, 'id = $1', id);
    if (wallet) return wallet;
    throw new Refused((await this.isThere(client, id)) ? 'wallet_destroyed' : 'wallet_unknown');
  }

  async getOf(client: PoolClient, consent: string): Promise<SealedWallet> {
    const of = `id = (SELECT wallet_id FROM custody.consents WHERE digest = decode($1, 'hex'))`;
    const [wallet] = await this.select(client, of, consent);
    if (!wallet) throw new Refused('consent_unknown');
    return wallet;
  }

  /** Also null for a row that custody did not write, so that such a row does not stop a list. */
  async findLive(client: PoolClient, id: string): Promise<SealedWallet | null> {
    return this.getLive(client, id).catch((error: unknown) => {
      if (error instanceof Refused || error instanceof ForeignRow) return null;
      throw error;
    });
  }

  /** The accounts that the reader has to report: a call waits for them, or they have unsettled transactions. */
  async toRead(client: PoolClient, chain: string, now: Date): Promise<ChainToRead['accounts']> {
    const { rows } = await client.query<SealedRow>(
      `SELECT ${COLUMNS} FROM custody.wallets w JOIN custody.accounts a ON a.wallet_id = w.id
       WHERE w.key_id IS NOT NULL AND a.chain = $1 AND a.is_wanted AND (a.reported_at IS NULL OR a.reported_at < $2)
       ORDER BY a.reported_at NULLS FIRST LIMIT 50`,
      [chain, new Date(now.getTime() - REPORT_MS)],
    );
    return this.seal.unforged(rows).map(({ id: walletId, evmAddress: address }) => ({ walletId, address }));
  }

  isDestroyed(client: PoolClient, id: string): Promise<boolean> {
    return this.getLive(client, id).then(
      () => false,
      (error: unknown) => error instanceof Refused && error.code === 'wallet_destroyed',
    );
  }

  async listOf(client: PoolClient, owner: string): Promise<readonly SealedWallet[]> {
    const of = 'owner = ANY($1) ORDER BY destroyed_at IS NOT NULL, id DESC LIMIT 20';
    const found = await this.select(client, of, this.seal.ownerDigests(owner));
    return found.filter((wallet) => wallet.owner === owner);
  }

  /**
   * Changes a wallet and writes an entry of the journal. A repeated call does nothing: a `restore` may have undone a
   * `destroy`.
   * @param changesOf returns null if nothing changes
   */
  async change(
    client: PoolClient,
    call: OfWallet,
    now: Date,
    changesOf: (wallet: SealedWallet) => Promise<Partial<WalletState> | null>,
  ): Promise<null> {
    const entry = await nextEntry(client, call, now);
    if (!entry) return null;
    const wallet = await this.get(client, call.walletId);
    const changes = await changesOf(wallet);
    if (!changes) return null;
    // A rotation may have sealed the wallet again, because it does not lock the head of the journal.
    const { rows } = await client.query<SealedRow>(
      'SELECT id, entropy, keys, key_id AS "keyId", state FROM custody.wallets WHERE id = $1 FOR UPDATE',
      [wallet.id],
    );
    const [locked = wallet] = rows;
    const { wayOut } = wallet;
    const changed = { ...this.seal.stateOf(locked), wayOut, ...changes, sequence: entry.sequence };
    const row = { ...wallet, ...locked, state: this.seal.sealState(locked, changed) };
    await together(
      client.query('UPDATE custody.wallets SET state = $2, owner = $3, destroyed_at = $4 WHERE id = $1', [
        ...[row.id, row.state, ...this.found(changed)],
      ]),
      entry.write(),
    );
    const copied = this.copies?.replace([row]);
    // A freeze does not depend on the other disk. The next start writes its copy.
    await (changes.frozenAt ? copied?.catch(() => undefined) : copied);
    return null;
  }

  /** Deletes the keys of wallets that were destroyed a week ago. @returns the number of wallets */
  async deleteKeys(client: PoolClient, now: Date): Promise<number> {
    const before = new Date(now.getTime() - RETENTION_MS).toISOString();
    // Both clocks have to agree, because a wrong clock must not delete keys.
    const { rows } = await client.query<SealedRow>(
      `${FROM} destroyed_at < least($1, now() - interval '7 days') FOR UPDATE`,
      [before],
    );
    const ids = this.seal
      .unforged(rows)
      .flatMap(({ id, destroyedAt }) => (destroyedAt !== null && destroyedAt < before ? [id] : []));
    await client.query(
      'UPDATE custody.wallets SET entropy = NULL, keys = NULL, key_id = NULL, state = NULL, owner = NULL WHERE id = ANY($1)',
      [ids],
    );
    for (const table of ['consents', 'accounts', 'outstanding'])
      await client.query(`DELETE FROM custody.${table} WHERE wallet_id = ANY($1)`, [ids]);
    await this.copies?.remove(ids);
    return ids.length;
  }

  /** The index answers two ranges at once if all wallets are under the active key. */
  async countToRewrap(client: PoolClient): Promise<number> {
    const { rows } = await client.query<{ count: string }>(
      'SELECT count(*) FROM custody.wallets WHERE key_id < $1 OR key_id > $1',
      [this.seal.activeKeyId],
    );
    return Number(rows[0]?.count);
  }

  async usedKeys(client: PoolClient): Promise<Readonly<Record<'sealing' | 'index', readonly string[]>>> {
    const { rows } = await client.query<Record<'sealing' | 'index', string[] | null>>(
      `SELECT array_agg(DISTINCT key_id) FILTER (WHERE key_id IS NOT NULL) AS sealing,
         array_agg(DISTINCT split_part(owner, '/', 1)) FILTER (WHERE owner IS NOT NULL) AS index FROM custody.wallets`,
    );
    return { sealing: rows[0]?.sealing ?? [], index: rows[0]?.index ?? [] };
  }

  async rewrap(client: PoolClient, limit: number): Promise<number> {
    const { rows } = await client.query<SealedRow>(
      `${FROM} (key_id < $1 OR key_id > $1) ORDER BY id LIMIT $2 FOR UPDATE OF w SKIP LOCKED`,
      [this.seal.activeKeyId, limit],
    );
    const again = rows.map((row) => this.seal.sealedAgain(row));
    for (const { id, entropy, keys, keyId, state } of again)
      await client.query(
        'UPDATE custody.wallets SET entropy = $2, keys = $3, key_id = $4, state = $5 WHERE id = $1',
        [id, entropy, keys, keyId, state],
      );
    await this.copies?.replace(this.seal.unforged(again));
    return again.length;
  }

  private async isThere(client: PoolClient, id: string): Promise<boolean> {
    return (await client.query('SELECT FROM custody.wallets WHERE id = $1', [id])).rows.length > 0;
  }

  private async select(
    client: PoolClient,
    condition: string,
    value: string | readonly string[],
  ): Promise<readonly SealedWallet[]> {
    const { rows } = await client.query<SealedRow>(`${FROM} ${condition}`, [value]);
    return rows.map((row) => this.seal.opened(row));
  }

  private async add(
    client: PoolClient,
    call: OfWallet,
    now: Date,
    valuesOf: (sequence: string) => Promise<SealedValues>,
  ): Promise<boolean> {
    const { walletId: id } = call;
    const entry = await nextEntry(client, call, now);
    if (!entry || (await this.isThere(client, id))) return false;
    const { sequence } = entry;
    const values = await valuesOf(sequence);
    const { entropy, keys, keyId } = values;
    const opened = this.seal.stateOf({ ...values, id });
    const isOfEntry = opened.sequence === sequence;
    const restored = { ...opened, wayOut: withoutWaits(wayOutAt(opened.wayOut, now)), sequence };
    const state = isOfEntry ? values.state : this.seal.sealState({ id, keyId }, restored);
    await together(
      client.query(
        'INSERT INTO custody.wallets (id, entropy, keys, key_id, state, owner, destroyed_at) VALUES ($1, $2, $3, $4, $5, $6, $7)',
        [id, entropy, keys, keyId, state, ...this.found(opened)],
      ),
      entry.write(),
    );
    return true;
  }

  private found({ owner, destroyedAt }: WalletState): readonly (string | null | undefined)[] {
    return [owner && this.seal.ownerDigests(owner)[0], destroyedAt];
  }
}
