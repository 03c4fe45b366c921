import {
  fieldBlindIndexes,
  openBytes,
  sealBytes,
  SealError,
  type KeyRing,
  type Sealed,
} from '@countersign/crypto';
import { Refused } from '@countersign/custody-protocol';
import {
  deriveWalletKeys,
  newEntropy,
  publicKeysOf,
  secretBytes,
  wipe,
  wiping,
  type WalletKeys,
} from '@countersign/wallet-keys';
import type { WalletState } from './wallet-state';
import { withoutWaits } from './way-out';

/** A wallet in its row and its copy. Each value opens only in its own row and column. */
export interface SealedValues {
  readonly entropy: Sealed;
  /** Derived from the entropy, so that an act needs no BIP-39. */
  readonly keys: Sealed;
  readonly state: Sealed;
  /** The ring's key of all three values. */
  readonly keyId: string;
}

export interface SealedRow extends SealedValues {
  readonly id: string;
  /** Number of the last journal entry that changed the wallet. */
  readonly changedBy: string | null;
  readonly isBraked: boolean;
  /** Number and digest of the last entry that ended a brake; null without one. */
  readonly releasedBy: string | null;
  /** Number of the last entry about a restore of the database; null without one. */
  readonly restoredBy: string | null;
}

/** The last entry of the journal, with a MAC under custody's ring. Hash and MAC are hex, the instant is ISO 8601. */
export interface SeenHead {
  readonly sequence: string;
  readonly hash: string;
  readonly at: string;
  readonly mac: string;
}

/** A row of a wallet or a consent that custody has not written in this form. */
export class ForeignRow extends Error {
  override readonly name = 'ForeignRow';

  constructor(
    readonly walletId: string,
    /** The consent's digest; null for the row of the wallet. */
    readonly digest: Buffer | null = null,
  ) {
    super();
  }
}

const KEY_BYTES = 32;

/** Seals and opens wallets with custody's ring. Methods throw Refused `away` if the ring lacks a value's key. */
export class WalletSeal {
  constructor(private readonly ring: KeyRing) {}

  get activeKeyId(): string {
    return this.ring.active('sealing').id;
  }

  /** @param used ids of the keys that seal wallets or find their persons @throws Error if the ring lacks one of them */
  follow(ring: KeyRing, used: Readonly<Record<'sealing' | 'index', readonly string[]>>): void {
    for (const [purpose, what] of [
      ['sealing', 'seals wallets'],
      // Digests cannot be made again without the person.
      ['index', 'says whose wallets are'],
    ] as const) {
      const missing = used[purpose].filter((id) => ring.known(purpose).every((key) => key.id !== id));
      if (missing.length > 0) throw new Error(`the key ring lacks ${missing.join(', ')}, which ${what}`);
    }
    this.ring.replaceBy(ring);
  }

  newWallet(id: string, state: Pick<WalletState, 'sequence' | 'environment'>, now: Date): SealedValues {
    const keyId = this.activeKeyId;
    return wiping(newEntropy(), (plain) => {
      const derived = deriveWalletKeys(plain);
      const both = secretBytes(2 * KEY_BYTES);
      derived.evm.copy(both);
      derived.ton.copy(both, KEY_BYTES);
      const made = {
        ...publicKeysOf(derived),
        ...{ ...state, createdAt: now.toISOString() },
        ...{ destroyedAt: null, owner: null, frozenAt: null, wayOut: null },
      };
      wipe(derived.evm, derived.ton);
      const keys = wiping(both, () => this.seal(id, 'keys', both));
      const entropy = this.seal(id, 'entropy', plain);
      return { entropy, keys, state: this.sealState({ id, keyId }, made), keyId };
    });
  }

  /** @throws ForeignRow */
  opened<Row extends SealedRow>(row: Row): Row & WalletState {
    let state;
    try {
      state = this.stateOf(row);
    } catch (error) {
      throw error instanceof SealError ? new ForeignRow(row.id) : error;
    }
    if (state.sequence !== row.changedBy || !(row.isBraked || this.isReleased(row)))
      throw new ForeignRow(row.id);
    const isOfBackup = BigInt(state.sequence) < BigInt(row.restoredBy ?? 0);
    return { ...row, ...state, wayOut: isOfBackup ? withoutWaits(state.wayOut) : state.wayOut };
  }

  /** Another writer of the journal cannot make the digest of a release. */
  releaseDigests(sequence: string): readonly Buffer[] {
    return fieldBlindIndexes(this.ring, 'custody.journal.release', sequence).map(({ digest }) => digest);
  }

  /** @returns MACs under all keys of the ring; the first one is for writing */
  headMacs({ sequence, hash, at }: Omit<SeenHead, 'mac'>): readonly string[] {
    const text = [sequence, hash, at].join('/');
    return fieldBlindIndexes(this.ring, 'custody.journal.head', text).map(({ digest }) =>
      digest.toString('hex'),
    );
  }

  private isReleased({ releasedBy }: SealedRow): boolean {
    const [sequence = '', hex = ''] = releasedBy?.split('/') ?? [];
    return (
      releasedBy === null || this.releaseDigests(sequence).some((digest) => digest.toString('hex') === hex)
    );
  }

  /** Leaves out foreign rows. Their copies stay. */
  unforged<Row extends SealedRow>(rows: readonly Row[]): readonly (Row & WalletState)[] {
    return rows.flatMap((row) => {
      try {
        return [this.opened(row)];
      } catch (error) {
        if (error instanceof ForeignRow) return [];
        throw error;
      }
    });
  }

  /** @throws SealError if custody has not written the value there */
  stateOf({ id, state }: Pick<SealedRow, 'id' | 'state'>): WalletState {
    return JSON.parse(this.open(id, 'state', state).toString('utf8')) as WalletState;
  }

  /** Seals under the key of the rest of the row. */
  sealState({ id, keyId }: Pick<SealedRow, 'id' | 'keyId'>, state: WalletState): Sealed {
    const key = this.ring.find('sealing', keyId);
    if (!key) throw new Refused('away');
    return sealBytes(key, positionOf(id, 'state'), Buffer.from(JSON.stringify(state)));
  }

  sealedAgain<Row extends SealedRow>(row: Row): Row {
    const again = (column: 'entropy' | 'keys' | 'state'): Sealed =>
      wiping(this.open(row.id, column, row[column]), (plain) => this.seal(row.id, column, plain));
    const keyId = this.activeKeyId;
    return { ...row, keyId, entropy: again('entropy'), keys: again('keys'), state: again('state') };
  }

  /** The keys are overwritten after `work`. */
  withKeys<T>({ id, keys }: SealedRow, work: (keys: WalletKeys) => T): T {
    return wiping(this.open(id, 'keys', keys), (both) =>
      work({ evm: both.subarray(0, KEY_BYTES), ton: both.subarray(KEY_BYTES) }),
    );
  }

  /** Returns the result of `work` and then overwrites the entropy. */
  withEntropy<T>({ id, entropy }: SealedRow, work: (entropy: Buffer) => T): T {
    return wiping(this.open(id, 'entropy', entropy), work);
  }

  /** Blind indexes of a person, the active key's first. Each begins with the id of its key. */
  ownerDigests(owner: string): readonly string[] {
    return fieldBlindIndexes(this.ring, 'custody.wallets.owner', owner).map(
      ({ keyId, digest }) => `${keyId}/${digest.toString('hex')}`,
    );
  }

  /** Identifies the person in sums without revealing them. A wallet without an owner is its own person. */
  personOf({ id, owner }: Pick<SealedRow & WalletState, 'id' | 'owner'>): string {
    return (owner === null ? null : this.ownerDigests(owner)[0]) ?? id;
  }

  private seal(row: string, column: string, plaintext: Buffer): Sealed {
    return sealBytes(this.ring, positionOf(row, column), plaintext);
  }

  private open(row: string, column: string, sealed: Sealed): Buffer {
    try {
      return openBytes(this.ring, positionOf(row, column), sealed);
    } catch (error) {
      throw error instanceof SealError && error.code === 'unknown_key' ? new Refused('away') : error;
    }
  }
}

function positionOf(row: string, column: string) {
  return { table: 'custody.wallets', column, row };
}
