import type { PoolClient } from 'pg';
import { type Environment, Refused } from '@countersign/custody-protocol';
import { fieldBlindIndexes, openBytes, sealBytes, SealError, type Sealed } from '@countersign/crypto';
import {
  deriveWalletKeys,
  newEntropy,
  secretBytes,
  wipe,
  wiping,
  type WalletKeys,
} from '@countersign/wallet-keys';
import type { CustodyRing } from '../custody-ring';
import type { Copies, Copy } from './copies';

/** As its row has it. The first three are null a week after it was destroyed. */
export interface SealedWallet {
  readonly entropy: Sealed | null;
  readonly keys: Sealed | null;
  readonly keyId: string | null;
  readonly id: string;
  readonly createdAt: Date;
  readonly isDestroyed: boolean;
  readonly frozenAt: Date | null;
  readonly isBraked: boolean;
  readonly environment: Environment;
  /** Blind index of whose it is; null until the person said so. */
  readonly owner: Buffer | null;
  readonly wayOut: Sealed | null;
}

const COLUMNS = `id, entropy, keys, key_id AS "keyId", created_at AS "createdAt", destroyed_at IS NOT NULL AS "isDestroyed",
  frozen_at AS "frozenAt", EXISTS (SELECT FROM custody.brake) AS "isBraked", environment, owner, way_out AS "wayOut"`;

const KEY_BYTES = 32;
/** So long are the keys of a destroyed wallet kept, in milliseconds. */
const KEPT_MS = 7 * 24 * 3_600_000;

/**
 * The table of wallets. Entropy and derived keys are sealed beside each other, so that an act needs no BIP-39. Each value
 * opens in its own row and column only.
 */
export class SealedWallets {
  /** @param copies null: wallets are in the database alone */
  constructor(
    private readonly ring: CustodyRing,
    private readonly copies: Copies | null,
  ) {}

  /** Makes the wallet unless it exists, first its copy: one that is there already is of a call that was cut off. */
  async create(client: PoolClient, id: string, environment: Environment, now: Date): Promise<void> {
    const row = await this.rowOf(client, id);
    if (row && !row.keys) return;
    const made = row ? copyOf(row) : this.newCopy(id, environment, now);
    const copy = (await this.copies?.add(id, made)) ?? made;
    if (!row) await this.insert(client, id, copy, now);
  }

  /** Puts back from its copy a wallet whose row is lost. @returns false where it is there @throws Refused `wallet_unknown` without a copy */
  async restoreKey(client: PoolClient, id: string, now: Date): Promise<boolean> {
    if (await this.rowOf(client, id)) return false;
    const copy = await this.copies?.read(id);
    if (!copy) throw new Refused('wallet_unknown');
    await this.insert(client, id, copy, now);
    return true;
  }

  /**
   * Writes copies that are missing or damaged, or sealed under another key than the row or not frozen as it is, after a wallet on.
   * @returns the last wallet that was looked at; null at the end
   */
  async copy(client: PoolClient, after: string, limit: number): Promise<string | null> {
    const { copies } = this;
    if (!copies) return null;
    const { rows } = await client.query<{ id: string; keyId: string; frozenAt: Date | null }>(
      `SELECT id, key_id AS "keyId", frozen_at AS "frozenAt" FROM custody.wallets WHERE id > $1 AND key_id IS NOT NULL ORDER BY id LIMIT $2`,
      [after, limit],
    );
    const wanted = [];
    for (const { id, keyId, frozenAt } of rows) {
      // A damaged one is written anew.
      const copy = await copies.read(id).catch(() => null);
      if (copy?.keyId !== keyId || copy.frozenAt !== (frozenAt?.toISOString() ?? null)) wanted.push(id);
    }
    const locked = await client.query<SealedWallet>(
      `SELECT ${COLUMNS} FROM custody.wallets WHERE id = ANY($1) AND key_id IS NOT NULL FOR UPDATE`,
      [wanted],
    );
    await copies.replace(locked.rows.map((row) => [row.id, copyOf(row)]));
    return rows.at(-1)?.id ?? null;
  }

  /**
   * The wallet that is to sign or to show its words. In the transaction that holds the head of the journal: a brake or a
   * freeze that was answered is seen.
   * @throws Refused `wallet_unknown`, `wallet_destroyed`, `braked`, `wallet_frozen`
   */
  async findActing(client: PoolClient, id: string): Promise<SealedWallet> {
    const wallet = await this.find(client, id);
    if (wallet.isBraked) throw new Refused('braked');
    if (wallet.frozenAt) throw new Refused('wallet_frozen');
    return wallet;
  }

  /** What `work` returns for the keys, which are overwritten then. @throws Refused `away` */
  withKeys<T>({ id, keys }: SealedWallet, work: (keys: WalletKeys) => T): T {
    return wiping(this.open(id, 'keys', keys), (both) =>
      work({ evm: both.subarray(0, KEY_BYTES), ton: both.subarray(KEY_BYTES) }),
    );
  }

  /** The entropy: a secret that the caller overwrites. @throws Refused `away` */
  entropyOf({ id, entropy }: SealedWallet): Buffer {
    return this.open(id, 'entropy', entropy);
  }

  /** @throws Refused `wallet_unknown` */
  async isDestroyed(client: PoolClient, id: string): Promise<boolean> {
    return (await this.get(client, id)).isDestroyed;
  }

  /** Last in its transaction, as all that writes copies: a refusal takes back rows alone. */
  async setDestroyed(client: PoolClient, id: string, at: Date | null): Promise<void> {
    const { rows } = await client.query<SealedWallet>(
      `UPDATE custody.wallets SET destroyed_at = $2 WHERE id = $1 RETURNING ${COLUMNS}`,
      [id, at],
    );
    await this.copies?.replace(rows.map((row) => [id, copyOf(row)]));
  }

  /** Takes `destroy` back. @throws Refused `wallet_destroyed` once the keys are deleted */
  async restore(client: PoolClient, id: string): Promise<void> {
    const { entropy } = await this.get(client, id);
    if (!entropy) throw new Refused('wallet_destroyed');
    await this.setDestroyed(client, id, null);
  }

  /** Of a person, the active key's first: `environment` and the id at Telegram. */
  ownerDigests(owner: string): readonly Buffer[] {
    return fieldBlindIndexes(this.ring.keys, 'custody.wallets.owner', owner).map(({ digest }) => digest);
  }

  /** The wallet is of this person from now on. */
  async setOwner(client: PoolClient, id: string, owner: string): Promise<void> {
    const { rows } = await client.query<SealedWallet>(
      `UPDATE custody.wallets SET owner = $2 WHERE id = $1 RETURNING ${COLUMNS}`,
      [id, this.ownerDigests(owner)[0]],
    );
    await this.copies?.replace(rows.map((row) => [id, copyOf(row)]));
  }

  /** JSON, see `setWayOut`. @throws Refused `away` */
  wayOutOf({ id, wayOut }: SealedWallet): string | null {
    return wayOut === null ? null : this.open(id, 'way_out', wayOut).toString('utf8');
  }

  async setWayOut(client: PoolClient, id: string, text: string): Promise<void> {
    const { rows } = await client.query<SealedWallet>(
      `UPDATE custody.wallets SET way_out = $2 WHERE id = $1 RETURNING ${COLUMNS}`,
      [id, this.seal(id, 'way_out', Buffer.from(text))],
    );
    await this.copies?.replace(rows.map((row) => [id, copyOf(row)]));
  }

  async listOf(client: PoolClient, owner: string): Promise<readonly SealedWallet[]> {
    const { rows } = await client.query<SealedWallet>(
      `SELECT ${COLUMNS} FROM custody.wallets WHERE owner = ANY($1) ORDER BY destroyed_at IS NOT NULL, created_at DESC, id LIMIT 20`,
      [this.ownerDigests(owner)],
    );
    return rows;
  }

  /** A wallet that is frozen keeps its instant. Null ends it. Last in its transaction. @throws Refused `wallet_unknown` */
  async setFrozen(client: PoolClient, id: string, at: Date | null): Promise<void> {
    const { rows } = await client.query<SealedWallet>(
      `UPDATE custody.wallets SET frozen_at = CASE WHEN $2::timestamptz IS NULL THEN NULL ELSE coalesce(frozen_at, $2) END
       WHERE id = $1 RETURNING ${COLUMNS}`,
      [id, at],
    );
    if (rows.length === 0) throw new Refused('wallet_unknown');
    const copies = rows.filter(({ keys }) => keys !== null).map((row) => [id, copyOf(row)] as const);
    // A freeze waits for no other disk: the next start writes its copy.
    await this.copies?.replace(copies).catch(() => undefined);
  }

  /** Deletes the keys of wallets that were destroyed a week ago. @returns of how many */
  async deleteKeys(client: PoolClient, now: Date): Promise<number> {
    const { rows } = await client.query<{ id: string }>(
      `UPDATE custody.wallets SET entropy = NULL, keys = NULL, key_id = NULL, owner = NULL, way_out = NULL
       WHERE key_id IS NOT NULL AND destroyed_at < least($1, now() - interval '7 days') RETURNING id`,
      [new Date(now.getTime() - KEPT_MS)],
    );
    const ids = rows.map(({ id }) => id);
    await client.query('DELETE FROM custody.consents WHERE wallet_id = ANY($1)', [ids]);
    await this.copies?.remove(ids);
    return rows.length;
  }

  /** By ranges, which the index answers at once where all wallets are under the active key. */
  async countToRewrap(client: PoolClient): Promise<number> {
    const { rows } = await client.query<{ count: string }>(
      'SELECT count(*) FROM custody.wallets WHERE key_id < $1 OR key_id > $1',
      [this.ring.active.id],
    );
    return Number(rows[0]?.count);
  }

  /** Ids of the keys that wallets are sealed under. */
  async usedKeys(client: PoolClient): Promise<readonly string[]> {
    const { rows } = await client.query<{ key_id: string }>(
      'SELECT DISTINCT key_id FROM custody.wallets WHERE key_id IS NOT NULL',
    );
    return rows.map(({ key_id }) => key_id);
  }

  /** Ids of the keys that were in the ring. */
  async checkedKeys(client: PoolClient): Promise<readonly string[]> {
    const { rows } = await client.query<{ key_id: string }>('SELECT key_id FROM custody.key_checks');
    return rows.map(({ key_id }) => key_id);
  }

  /** Remembers the check value of a key at its first use. @returns the value of that use */
  async firstCheckValue(client: PoolClient, keyId: string, value: string): Promise<string | undefined> {
    const { rows } = await client.query<{ value: string }>(
      `INSERT INTO custody.key_checks (key_id, value) VALUES ($1, $2)
       ON CONFLICT (key_id) DO UPDATE SET key_id = excluded.key_id RETURNING value`,
      [keyId, value],
    );
    return rows[0]?.value;
  }

  /** Seals some wallets under the active key. @returns how many */
  async rewrap(client: PoolClient, limit: number): Promise<number> {
    const { rows } = await client.query<SealedWallet>(
      `SELECT ${COLUMNS} FROM custody.wallets WHERE key_id < $1 OR key_id > $1 ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED`,
      [this.ring.active.id, limit],
    );
    const copies: [string, Copy][] = [];
    for (const row of rows) {
      const { id, entropy, keys } = row;
      const sealed = wiping(this.open(id, 'entropy', entropy), (plain) => this.seal(id, 'entropy', plain));
      const sealedKeys = wiping(this.open(id, 'keys', keys), (plain) => this.seal(id, 'keys', plain));
      const text = this.wayOutOf(row);
      const wayOut = text === null ? null : this.seal(id, 'way_out', Buffer.from(text));
      const { id: keyId } = this.ring.active;
      await client.query(
        'UPDATE custody.wallets SET entropy = $2, keys = $3, key_id = $4, way_out = $5 WHERE id = $1',
        [id, sealed, sealedKeys, keyId, wayOut],
      );
      copies.push([id, copyOf({ ...row, entropy: sealed, keyId, wayOut })]);
    }
    await this.copies?.replace(copies);
    return rows.length;
  }

  private async insert(client: PoolClient, id: string, copy: Copy, now: Date): Promise<void> {
    const [entropy, keys] = wiping(this.open(id, 'entropy', copy.entropy), (plain) => {
      const { evm, ton } = deriveWalletKeys(plain);
      const both = secretBytes(2 * KEY_BYTES);
      evm.copy(both);
      ton.copy(both, KEY_BYTES);
      wipe(evm, ton);
      return [this.seal(id, 'entropy', plain), wiping(both, () => this.seal(id, 'keys', both))] as const;
    });
    await client.query(
      `INSERT INTO custody.wallets (id, entropy, keys, key_id, created_at, destroyed_at, environment, owner, frozen_at, way_out)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        id,
        entropy,
        keys,
        this.ring.active.id,
        copy.createdAt,
        copy.isDestroyed ? now : null,
        copy.environment,
        copy.owner === null ? null : Buffer.from(copy.owner, 'hex'),
        copy.frozenAt,
        copy.wayOut,
      ],
    );
  }

  private newCopy(id: string, environment: Environment, now: Date): Copy {
    const entropy = wiping(newEntropy(), (plain) => this.seal(id, 'entropy', plain));
    return {
      entropy,
      keyId: this.ring.active.id,
      createdAt: now.toISOString(),
      isDestroyed: false,
      environment,
      owner: null,
      frozenAt: null,
      wayOut: null,
    };
  }

  /** @throws Refused `wallet_unknown`, `wallet_destroyed` */
  async find(client: PoolClient, id: string): Promise<SealedWallet> {
    const row = await this.get(client, id);
    if (row.isDestroyed) throw new Refused('wallet_destroyed');
    return row;
  }

  /** @throws Refused `wallet_unknown` */
  async get(client: PoolClient, id: string): Promise<SealedWallet> {
    const row = await this.rowOf(client, id);
    if (!row) throw new Refused('wallet_unknown');
    return row;
  }

  private async rowOf(client: PoolClient, id: string): Promise<SealedWallet | undefined> {
    const { rows } = await client.query<SealedWallet>(
      `SELECT ${COLUMNS} FROM custody.wallets WHERE id = $1`,
      [id],
    );
    return rows[0];
  }

  private seal(row: string, column: string, plaintext: Buffer): Sealed {
    return sealBytes(this.ring.keys, { table: 'custody.wallets', column, row }, plaintext);
  }

  private open(row: string, column: string, sealed: Sealed | null): Buffer {
    if (sealed === null) throw new Refused('wallet_destroyed');
    try {
      return openBytes(this.ring.keys, { table: 'custody.wallets', column, row }, sealed);
    } catch (error) {
      throw error instanceof SealError && error.code === 'unknown_key' ? new Refused('away') : error;
    }
  }
}

/** Of one that has its keys. */
function copyOf({ entropy, keyId, isDestroyed, environment, wayOut, ...row }: SealedWallet): Copy {
  if (!entropy || !keyId) throw new Refused('wallet_destroyed');
  const owner = row.owner?.toString('hex') ?? null;
  const [createdAt, frozenAt] = [row.createdAt.toISOString(), row.frozenAt?.toISOString() ?? null];
  return { entropy, keyId, createdAt, isDestroyed, environment, owner, frozenAt, wayOut };
}
