import type { PoolClient } from 'pg';
import { type Environment, Refused } from '@countersign/custody-protocol';
import type { WayOut } from '@countersign/custody-rules';
import { fieldBlindIndexes, openBytes, sealBytes, SealError, type Sealed } from '@countersign/crypto';
import {
  deriveWalletKeys,
  newEntropy,
  publicKeysOf,
  secretBytes,
  wipe,
  wiping,
  type PublicKeys,
  type WalletKeys,
} from '@countersign/wallet-keys';
import { together } from '@countersign/database';
import type { CustodyRing } from '../custody-ring';
import type { Copies, Copy } from './copies';
import { IS_BRAKED, lastChangeOf, type NextEntry } from './journal.repository';

/** What decides about a wallet. Instants are ISO 8601. */
interface WalletState extends PublicKeys {
  /** Of the entry of the journal that it was written with: who puts an earlier state back is seen. */
  readonly sequence: string;
  readonly environment: Environment;
  readonly createdAt: string;
  readonly destroyedAt: string | null;
  /** `environment` and the person's id at Telegram; null until the person said so. */
  readonly owner: string | null;
  readonly frozenAt: string | null;
  readonly wayOut: WayOut | null;
}

interface Row extends Copy {
  readonly id: string;
  /** Of the last entry of the journal that changed it. */
  readonly changedBy: string | null;
  readonly isBraked: boolean;
}

/** A wallet that has its keys. */
export interface SealedWallet extends Row, WalletState {}

/** A row that custody has not written so. */
export class ForeignRow extends Error {
  override readonly name = 'ForeignRow';
}

const COLUMNS = `w.id, w.entropy, w.keys, w.key_id AS "keyId", w.state, ${lastChangeOf('w.id')} AS "changedBy", ${IS_BRAKED} AS "isBraked"`;
const FROM = `SELECT ${COLUMNS} FROM custody.wallets w WHERE w.key_id IS NOT NULL AND`;

const KEY_BYTES = 32;
/** So long are the keys of a destroyed wallet kept, in milliseconds. */
const KEPT_MS = 7 * 24 * 3_600_000;

/**
 * The table of wallets. Entropy, derived keys (so that an act needs no BIP-39) and state are sealed; each value opens in its own row and
 * column only. Other columns find rows, and decide nothing. What writes copies is last in its transaction: a refusal takes back rows alone.
 */
export class SealedWallets {
  /** @param copies null: wallets are in the database alone */
  constructor(
    private readonly ring: CustodyRing,
    private readonly copies: Copies | null,
  ) {}

  /** Makes the wallet unless it exists, first its copy: one that is there already is of a call that was cut off. */
  async create(
    client: PoolClient,
    id: string,
    environment: Environment,
    entry: NextEntry,
    now: Date,
  ): Promise<void> {
    const row = await this.find(client, id);
    if (row) return this.change(client, row, entry, {});
    const made = this.newCopy(id, environment, entry, now);
    await this.insert(client, id, (await this.copies?.add(id, made)) ?? made, entry);
  }

  /** Puts back from its copy a wallet whose row is lost. @returns false where it is there @throws Refused `wallet_unknown` without a copy */
  async restoreKey(client: PoolClient, id: string, entry: NextEntry): Promise<boolean> {
    if (await this.isThere(client, id)) return false;
    const copy = await this.copies?.read(id);
    if (!copy) throw new Refused('wallet_unknown');
    await this.insert(client, id, copy, entry);
    return true;
  }

  /**
   * Writes copies that are missing, damaged or not as the row, after a wallet on.
   * @returns the last wallet that was looked at; null at the end
   */
  async copy(client: PoolClient, after: string, limit: number): Promise<string | null> {
    const { copies } = this;
    if (!copies) return null;
    const { rows } = await client.query<Row>(`${FROM} id > $1 ORDER BY id LIMIT $2`, [after, limit]);
    const wanted = [];
    for (const { id, state } of rows)
      if ((await copies.read(id).catch(() => null))?.state !== state) wanted.push(id);
    const locked = await client.query<Row>(`${FROM} id = ANY($1) FOR UPDATE`, [wanted]);
    await copies.replace(this.unforged(locked.rows));
    return rows.at(-1)?.id ?? null;
  }

  /**
   * The wallet that is to sign or to show its words. In the transaction that holds the head of the journal: a brake or a
   * freeze that was answered is seen.
   * @throws Refused `wallet_unknown`, `wallet_destroyed`, `braked`, `wallet_frozen`
   */
  async getActing(client: PoolClient, id: string): Promise<SealedWallet> {
    const wallet = await this.get(client, id);
    assertActing(wallet);
    return wallet;
  }

  /** @throws Refused `wallet_unknown`, `wallet_destroyed` */
  async getLive(client: PoolClient, id: string): Promise<SealedWallet> {
    const wallet = await this.get(client, id);
    if (wallet.destroyedAt) throw new Refused('wallet_destroyed');
    return wallet;
  }

  /** @throws Refused `wallet_unknown`, and `wallet_destroyed` once its keys are deleted; ForeignRow */
  async get(client: PoolClient, id: string): Promise<SealedWallet> {
    const wallet = await this.find(client, id);
    if (!wallet) throw new Refused('wallet_unknown');
    return wallet;
  }

  /** That of a consent. @throws Refused `consent_unknown`; ForeignRow */
  async getOf(client: PoolClient, consent: Buffer): Promise<SealedWallet> {
    const { rows } = await client.query<Row>(
      `${FROM} w.id = (SELECT wallet_id FROM custody.consents WHERE digest = $1)`,
      [consent],
    );
    const [row] = rows;
    if (!row) throw new Refused('consent_unknown');
    return this.opened(row);
  }

  /** @throws Refused `wallet_destroyed` once its keys are deleted; ForeignRow */
  private async find(client: PoolClient, id: string): Promise<SealedWallet | null> {
    const { rows } = await client.query<Row>(`${FROM} id = $1`, [id]);
    const [row] = rows;
    if (row) return this.opened(row);
    if (await this.isThere(client, id)) throw new Refused('wallet_destroyed');
    return null;
  }

  isDestroyed(client: PoolClient, id: string): Promise<boolean> {
    return this.getLive(client, id).then(
      () => false,
      (error: unknown) => error instanceof Refused && error.code === 'wallet_destroyed',
    );
  }

  /** Of a person, as `owner` of a state. */
  async listOf(client: PoolClient, owner: string): Promise<readonly SealedWallet[]> {
    const { rows } = await client.query<Row>(
      `${FROM} owner = ANY($1) ORDER BY destroyed_at IS NOT NULL, id DESC LIMIT 20`,
      [this.ownerDigests(owner)],
    );
    return rows.map((row) => this.opened(row)).filter((wallet) => wallet.owner === owner);
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

  /** Blind indexes of a person, the active key's first. Each begins with the id of its key. */
  ownerDigests(owner: string): readonly string[] {
    return fieldBlindIndexes(this.ring.keys, 'custody.wallets.owner', owner).map(
      ({ keyId, digest }) => `${keyId}/${digest.toString('hex')}`,
    );
  }

  /** Writes its entry of the journal too. @throws Error where the copy cannot be written */
  async change(
    client: PoolClient,
    wallet: SealedWallet,
    entry: NextEntry,
    changes: Partial<WalletState>,
  ): Promise<void> {
    const { sequence } = entry;
    const changed = { ...this.stateOf(wallet.id, wallet.state), ...changes, sequence };
    const { owner, destroyedAt } = changed;
    const row = { ...wallet, state: this.sealState(wallet, changed) };
    await together(
      client.query('UPDATE custody.wallets SET state = $2, owner = $3, destroyed_at = $4 WHERE id = $1', [
        ...[row.id, row.state, owner && this.ownerDigests(owner)[0], destroyedAt],
      ]),
      entry.write(),
    );
    const copied = this.copies?.replace([row]);
    // A freeze waits for no other disk: the next start writes its copy.
    await (changes.frozenAt ? copied?.catch(() => undefined) : copied);
  }

  /** Deletes the keys of wallets that were destroyed a week ago. @returns of how many */
  async deleteKeys(client: PoolClient, now: Date): Promise<number> {
    const before = new Date(now.getTime() - KEPT_MS).toISOString();
    // Both clocks have to say so: a wrong one must not cost keys.
    const { rows } = await client.query<Row>(
      `${FROM} destroyed_at < least($1, now() - interval '7 days') FOR UPDATE`,
      [before],
    );
    const ids = this.unforged(rows).flatMap(({ id, destroyedAt }) =>
      destroyedAt !== null && destroyedAt < before ? [id] : [],
    );
    await client.query(
      'UPDATE custody.wallets SET entropy = NULL, keys = NULL, key_id = NULL, state = NULL, owner = NULL WHERE id = ANY($1)',
      [ids],
    );
    await client.query('DELETE FROM custody.consents WHERE wallet_id = ANY($1)', [ids]);
    await this.copies?.remove(ids);
    return ids.length;
  }

  /** By ranges, which the index answers at once where all wallets are under the active key. */
  async countToRewrap(client: PoolClient): Promise<number> {
    const { rows } = await client.query<{ count: string }>(
      'SELECT count(*) FROM custody.wallets WHERE key_id < $1 OR key_id > $1',
      [this.ring.active.id],
    );
    return Number(rows[0]?.count);
  }

  /** Ids of the keys that wallets are sealed under, and of those that their persons are found by. */
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
    const { rows } = await client.query<Row>(
      `${FROM} (key_id < $1 OR key_id > $1) ORDER BY id LIMIT $2 FOR UPDATE OF w SKIP LOCKED`,
      [keyId, limit],
    );
    const again = rows.map((row): Row => {
      const sealed = (column: 'entropy' | 'keys' | 'state'): Sealed =>
        wiping(this.open(row.id, column, row[column]), (plain) => this.seal(row.id, column, plain));
      return { ...row, keyId, entropy: sealed('entropy'), keys: sealed('keys'), state: sealed('state') };
    });
    for (const { id, entropy, keys, state } of again)
      await client.query(
        'UPDATE custody.wallets SET entropy = $2, keys = $3, key_id = $4, state = $5 WHERE id = $1',
        [id, entropy, keys, keyId, state],
      );
    await this.copies?.replace(this.unforged(again));
    return again.length;
  }

  private async isThere(client: PoolClient, id: string): Promise<boolean> {
    return (await client.query('SELECT FROM custody.wallets WHERE id = $1', [id])).rows.length > 0;
  }

  private async insert(client: PoolClient, id: string, copy: Copy, entry: NextEntry): Promise<void> {
    const { entropy, keys, keyId } = copy;
    const opened = this.stateOf(id, copy.state);
    const { destroyedAt, owner } = opened;
    const { sequence } = entry;
    const isOfEntry = opened.sequence === sequence;
    const state = isOfEntry ? copy.state : this.sealState({ id, keyId }, { ...opened, sequence });
    await together(
      client.query(
        'INSERT INTO custody.wallets (id, entropy, keys, key_id, state, owner, destroyed_at) VALUES ($1, $2, $3, $4, $5, $6, $7)',
        [id, entropy, keys, keyId, state, owner && this.ownerDigests(owner)[0], destroyedAt],
      ),
      entry.write(),
    );
  }

  private newCopy(id: string, environment: Environment, { sequence }: NextEntry, now: Date): Copy {
    const keyId = this.ring.active.id;
    return wiping(newEntropy(), (plain) => {
      const derived = deriveWalletKeys(plain);
      const both = secretBytes(2 * KEY_BYTES);
      derived.evm.copy(both);
      derived.ton.copy(both, KEY_BYTES);
      const state = this.sealState(
        { id, keyId },
        {
          ...publicKeysOf(derived),
          ...{ sequence, environment, createdAt: now.toISOString() },
          ...{ destroyedAt: null, owner: null, frozenAt: null, wayOut: null },
        },
      );
      wipe(derived.evm, derived.ton);
      const keys = wiping(both, () => this.seal(id, 'keys', both));
      return { entropy: this.seal(id, 'entropy', plain), keys, keyId, state };
    });
  }

  /** Without foreign rows, whose copies stay. */
  private unforged(rows: readonly Row[]): readonly SealedWallet[] {
    return rows.flatMap((row) => {
      try {
        return [this.opened(row)];
      } catch (error) {
        if (error instanceof ForeignRow) return [];
        throw error;
      }
    });
  }

  private opened(row: Row): SealedWallet {
    let state;
    try {
      state = this.stateOf(row.id, row.state);
    } catch (error) {
      throw error instanceof SealError ? new ForeignRow() : error;
    }
    if (state.sequence !== row.changedBy) throw new ForeignRow();
    return { ...row, ...state };
  }

  private stateOf(id: string, sealed: Sealed): WalletState {
    return JSON.parse(this.open(id, 'state', sealed).toString('utf8')) as WalletState;
  }

  /** Under the key of the rest of the row. */
  private sealState({ id, keyId }: Pick<Row, 'id' | 'keyId'>, state: WalletState): Sealed {
    const key = this.ring.keys.find('sealing', keyId);
    if (!key) throw new Refused('away');
    return sealBytes(key, positionOf(id, 'state'), Buffer.from(JSON.stringify(state)));
  }

  private seal(row: string, column: string, plaintext: Buffer): Sealed {
    return sealBytes(this.ring.keys, positionOf(row, column), plaintext);
  }

  private open(row: string, column: string, sealed: Sealed): Buffer {
    try {
      return openBytes(this.ring.keys, positionOf(row, column), sealed);
    } catch (error) {
      throw error instanceof SealError && error.code === 'unknown_key' ? new Refused('away') : error;
    }
  }
}

function positionOf(row: string, column: string) {
  return { table: 'custody.wallets', column, row };
}

/** @throws Refused `wallet_destroyed`, `braked`, `wallet_frozen` */
export function assertActing({ destroyedAt, isBraked, frozenAt }: SealedWallet): void {
  if (destroyedAt) throw new Refused('wallet_destroyed');
  if (isBraked) throw new Refused('braked');
  if (frozenAt) throw new Refused('wallet_frozen');
}
