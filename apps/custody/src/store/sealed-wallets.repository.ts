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

/** As its row has it. */
export interface SealedWallet extends Pick<Copy, 'environment' | 'isDestroyed' | 'owner' | 'wayOut'> {
  readonly id: string;
  /** As the next two, null a week after it was destroyed. */
  readonly entropy: Sealed | null;
  readonly keys: Sealed | null;
  readonly keyId: string | null;
  readonly createdAt: Date;
  readonly frozenAt: Date | null;
  readonly isBraked: boolean;
}

const COLUMNS = `id, entropy, keys, key_id AS "keyId", created_at AS "createdAt", destroyed_at IS NOT NULL AS "isDestroyed",
  frozen_at AS "frozenAt", EXISTS (SELECT FROM custody.brake) AS "isBraked", environment, owner, way_out AS "wayOut"`;

const KEY_BYTES = 32;
/** So long are the keys of a destroyed wallet kept, in milliseconds. */
const KEPT_MS = 7 * 24 * 3_600_000;

/**
 * The table of wallets. Entropy and derived keys are sealed beside each other, so that an act needs no BIP-39. Each value
 * opens in its own row and column only. What writes copies is last in its transaction: a refusal takes back rows alone.
 */
export class SealedWallets {
  /** @param copies null: wallets are in the database alone */
  constructor(
    private readonly ring: CustodyRing,
    private readonly copies: Copies | null,
  ) {}

  /** Makes the wallet unless it exists, first its copy: one that is there already is of a call that was cut off. */
  async create(client: PoolClient, id: string, environment: Environment, now: Date): Promise<void> {
    const row = await this.find(client, id);
    if (row && !row.keys) return;
    const made = row ? copyOf(row) : this.newCopy(id, environment, now);
    const copy = (await this.copies?.add(id, made)) ?? made;
    if (!row) await this.insert(client, id, copy, now);
  }

  /** Puts back from its copy a wallet whose row is lost. @returns false where it is there @throws Refused `wallet_unknown` without a copy */
  async restoreKey(client: PoolClient, id: string, now: Date): Promise<boolean> {
    if (await this.find(client, id)) return false;
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
    const { rows } = await client.query<SealedWallet>(
      `SELECT ${COLUMNS} FROM custody.wallets WHERE id > $1 AND key_id IS NOT NULL ORDER BY id LIMIT $2`,
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
  async getActing(client: PoolClient, id: string): Promise<SealedWallet> {
    const wallet = await this.getLive(client, id);
    if (wallet.isBraked) throw new Refused('braked');
    if (wallet.frozenAt) throw new Refused('wallet_frozen');
    return wallet;
  }

  /** @throws Refused `wallet_unknown`, `wallet_destroyed` */
  async getLive(client: PoolClient, id: string): Promise<SealedWallet> {
    const wallet = await this.get(client, id);
    if (wallet.isDestroyed) throw new Refused('wallet_destroyed');
    return wallet;
  }

  /** @throws Refused `wallet_unknown` */
  async get(client: PoolClient, id: string): Promise<SealedWallet> {
    return one(await this.find(client, id));
  }

  private async find(client: PoolClient, id: string): Promise<SealedWallet | undefined> {
    const { rows } = await client.query<SealedWallet>(
      `SELECT ${COLUMNS} FROM custody.wallets WHERE id = $1`,
      [id],
    );
    return rows[0];
  }

  async listOf(client: PoolClient, owner: string): Promise<readonly SealedWallet[]> {
    const { rows } = await client.query<SealedWallet>(
      `SELECT ${COLUMNS} FROM custody.wallets WHERE owner = ANY($1) ORDER BY destroyed_at IS NOT NULL, created_at DESC, id LIMIT 20`,
      [this.ownerDigests(owner)],
    );
    return rows;
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

  /** Of a person, the active key's first: `environment` and the id at Telegram. Each begins with the id of its key. */
  ownerDigests(owner: string): readonly string[] {
    return fieldBlindIndexes(this.ring.keys, 'custody.wallets.owner', owner).map(
      ({ keyId, digest }) => `${keyId}/${digest.toString('hex')}`,
    );
  }

  /** The wallet is of this person from now on. @throws Refused `wallet_unknown` */
  async setOwner(client: PoolClient, id: string, owner: string): Promise<void> {
    await this.replaceCopy(await this.update(client, id, 'owner = $2', this.ownerDigests(owner)[0]));
  }

  /** JSON, see `setWayOut`. @throws Refused `away` */
  wayOutOf({ id, wayOut }: SealedWallet): string | null {
    return wayOut === null ? null : this.open(id, 'way_out', wayOut).toString('utf8');
  }

  async setWayOut(client: PoolClient, id: string, text: string): Promise<void> {
    const sealed = this.seal(id, 'way_out', Buffer.from(text));
    await this.replaceCopy(await this.update(client, id, 'way_out = $2', sealed));
  }

  /** Null takes it back. @throws Refused `wallet_unknown` */
  async setDestroyed(client: PoolClient, id: string, at: Date | null): Promise<void> {
    await this.replaceCopy(await this.update(client, id, 'destroyed_at = $2', at));
  }

  /** A wallet that is frozen keeps its instant. Null ends it. @throws Refused `wallet_unknown` */
  async setFrozen(client: PoolClient, id: string, at: Date | null): Promise<void> {
    const instant = at === null ? '$2::timestamptz' : 'coalesce(frozen_at, $2)';
    const row = await this.update(client, id, `frozen_at = ${instant}`, at);
    // A freeze waits for no other disk: the next start writes its copy.
    if (row.keys) await this.replaceCopy(row).catch(() => undefined);
  }

  /** @throws Refused `wallet_destroyed` once the keys are deleted */
  private async replaceCopy(row: SealedWallet): Promise<void> {
    const copy = copyOf(row);
    await this.copies?.replace([[row.id, copy]]);
  }

  private async update(
    client: PoolClient,
    id: string,
    change: string,
    value: unknown,
  ): Promise<SealedWallet> {
    const { rows } = await client.query<SealedWallet>(
      `UPDATE custody.wallets SET ${change} WHERE id = $1 RETURNING ${COLUMNS}`,
      [id, value],
    );
    return one(rows[0]);
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

  /** Ids of the keys that wallets are sealed under, and of those that say whose they are. */
  async usedKeys(client: PoolClient): Promise<Readonly<Record<'sealing' | 'index', readonly string[]>>> {
    const { rows } = await client.query<Record<'sealing' | 'index', string[] | null>>(
      `SELECT array_agg(DISTINCT key_id) FILTER (WHERE key_id IS NOT NULL) AS sealing,
         array_agg(DISTINCT split_part(owner, '/', 1)) FILTER (WHERE owner IS NOT NULL) AS index FROM custody.wallets`,
    );
    return { sealing: rows[0]?.sealing ?? [], index: rows[0]?.index ?? [] };
  }

  /** Seals some wallets under the active key. @returns how many */
  async rewrap(client: PoolClient, limit: number): Promise<number> {
    const keyId = this.ring.active.id;
    const { rows } = await client.query<SealedWallet>(
      `SELECT ${COLUMNS} FROM custody.wallets WHERE key_id < $1 OR key_id > $1 ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED`,
      [keyId, limit],
    );
    const copies: [string, Copy][] = [];
    for (const row of rows) {
      const { id } = row;
      const again = (column: 'entropy' | 'keys' | 'way_out', value: Sealed | null): Sealed =>
        wiping(this.open(id, column, value), (plain) => this.seal(id, column, plain));
      const wayOut = row.wayOut && again('way_out', row.wayOut);
      const sealed = { entropy: again('entropy', row.entropy), keys: again('keys', row.keys), keyId, wayOut };
      await client.query(
        'UPDATE custody.wallets SET entropy = $2, keys = $3, key_id = $4, way_out = $5 WHERE id = $1',
        [id, sealed.entropy, sealed.keys, keyId, wayOut],
      );
      copies.push([id, copyOf({ ...row, ...sealed })]);
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
    const { createdAt, isDestroyed, environment, owner, frozenAt, wayOut } = copy;
    await client.query(
      `INSERT INTO custody.wallets (id, entropy, keys, key_id, created_at, destroyed_at, environment, owner, frozen_at, way_out)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        ...[id, entropy, keys, this.ring.active.id, createdAt, isDestroyed ? now : null],
        ...[environment, owner, frozenAt, wayOut],
      ],
    );
  }

  private newCopy(id: string, environment: Environment, now: Date): Copy {
    const entropy = wiping(newEntropy(), (plain) => this.seal(id, 'entropy', plain));
    const fresh = { isDestroyed: false, owner: null, frozenAt: null, wayOut: null };
    return { entropy, keyId: this.ring.active.id, createdAt: now.toISOString(), environment, ...fresh };
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

function one(row: SealedWallet | undefined): SealedWallet {
  if (!row) throw new Refused('wallet_unknown');
  return row;
}

/** @throws Refused `wallet_destroyed` for one whose keys are deleted */
function copyOf({ entropy, keyId, isDestroyed, environment, owner, wayOut, ...row }: SealedWallet): Copy {
  if (!entropy || !keyId) throw new Refused('wallet_destroyed');
  const [createdAt, frozenAt] = [row.createdAt.toISOString(), row.frozenAt?.toISOString() ?? null];
  return { entropy, keyId, createdAt, isDestroyed, environment, owner, frozenAt, wayOut };
}
