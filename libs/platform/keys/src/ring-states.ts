import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '@countersign/clock';
import {
  equalsConstantTime,
  KEY_PURPOSES,
  KeyRing,
  keyCheckValue,
  type KeyRingState,
  type RingKey,
} from '@countersign/crypto';
import { Database, unavailable } from '@countersign/database';
import type { RingKeyState } from './store/ring-key.entity';
import { RingKeysRepository, type RingKeyRow } from './store/ring-keys.repository';

/** The key ring does not belong to this database. */
export class WrongKeyError extends Error {
  override readonly name = 'WrongKeyError';
}

/** A row of `ring_keys` for a key of the ring. */
export function rowOf(key: RingKey, state: RingKeyState, changedAt: Date): RingKeyRow {
  const { purpose, id: keyId, epoch } = key;
  return { purpose, keyId, epoch, state, checkValue: keyCheckValue(key), changedAt };
}

/**
 * Before the first migration there is nothing to compare with.
 * @throws WrongKeyError
 */
export async function compareRing(manager: EntityManager, keyRing: KeyRing): Promise<void> {
  const repository = new RingKeysRepository();
  if (await repository.exist(manager)) assertBelongs(keyRing, await repository.findAll(manager));
}

/**
 * Compares the key ring with the keys that this database is used with, and lets the ring use them as the
 * database says. A missing key would leave rows unreadable or create second users, so it stops the boot like
 * a wrong one. A key that is only known may be missing: nothing is sealed or tagged under it, and every
 * digest under it exists under an active key too. Until then the ring gives no key: what runs before, such as
 * another module's hook, seals, signs and looks up nothing with keys that may be wrong.
 */
@Injectable()
export class RingStates {
  constructor(
    private readonly database: Database,
    private readonly repository: RingKeysRepository,
    private readonly keyRing: KeyRing,
    private readonly clock: Clock,
  ) {
    keyRing.withhold(() => {
      throw unavailable(new Error('the key ring is not compared with the database yet'));
    });
  }

  /** Whether the tables are there: they are not before the migration. */
  async canVerify(): Promise<boolean> {
    return this.database.read((manager) => this.repository.exist(manager));
  }

  /**
   * @param alongside what else happens in the transaction, while no key can change its state
   * @throws WrongKeyError naming the key's id and purpose, never its value.
   */
  async verify(alongside: (tx: EntityManager) => Promise<void> = () => Promise.resolve()): Promise<void> {
    const state = await this.database.transaction(async (tx) => {
      await this.repository.share(tx);
      await this.register(tx);
      const known = await this.repository.findAll(tx);
      assertBelongs(this.keyRing, known);
      await alongside(tx);
      return this.stateOf(known);
    });
    this.keyRing.follow(state);
  }

  /**
   * `verify`, but records nothing.
   * @throws WrongKeyError
   */
  async compare(): Promise<void> {
    const known = await this.database.read((manager) => this.repository.findAll(manager));
    assertBelongs(this.keyRing, known);
    this.keyRing.follow(this.stateOf(known));
  }

  /** On a database without states: those that the document and the previous version's records give. */
  private async register(tx: EntityManager): Promise<void> {
    const now = this.clock.now();
    const [known, checks] = [await this.repository.findAll(tx), await this.repository.findChecks(tx)];
    const hasActive = new Set(known.filter(({ state }) => state === 'active').map(({ purpose }) => purpose));
    const active = KEY_PURPOSES.filter((purpose) => !hasActive.has(purpose)).map((purpose) =>
      this.keyRing.declared(purpose),
    );
    const names = new Set([
      ...known.map(({ purpose, keyId }) => `${purpose} ${keyId}`),
      ...active.map(({ purpose, id }) => `${purpose} ${id}`),
    ]);
    const earlier = checks
      .filter(({ purpose, keyId }) => !names.has(`${purpose} ${keyId}`))
      .map(({ purpose, keyId, value: checkValue, createdAt: changedAt }): RingKeyRow => {
        const epoch = this.keyRing.find(purpose, keyId)?.epoch ?? 1;
        return { purpose, keyId, epoch, state: 'retiring', checkValue, changedAt };
      });
    const wanted = [...active.map((key) => rowOf(key, 'active', now)), ...earlier];
    if (wanted.length > 0) await this.repository.insert(tx, wanted);
    const unchecked = active.map((key) => ({
      purpose: key.purpose,
      keyId: key.id,
      value: keyCheckValue(key),
      createdAt: now,
    }));
    if (unchecked.length > 0) await this.repository.insertChecks(tx, unchecked);
    // Of the previous version, with another secret under the same id.
    for (const { purpose, keyId, value } of checks) {
      const key = active.find((added) => added.purpose === purpose && added.id === keyId);
      if (key) assertSame(key, value);
    }
  }

  /** Of a purpose without an active key in the database: that of the document. */
  private stateOf(known: readonly RingKeyRow[]): KeyRingState {
    const activeOf = (purpose: RingKeyRow['purpose']): string =>
      known.find((row) => isActive(row, purpose))?.keyId ?? this.keyRing.declared(purpose).id;
    return {
      active: { sealing: activeOf('sealing'), index: activeOf('index'), token: activeOf('token') },
      retired: new Set(known.filter(({ state }) => state === 'retired').map(({ keyId }) => keyId)),
    };
  }
}

function assertBelongs(keyRing: KeyRing, known: readonly RingKeyRow[]): void {
  for (const { purpose, keyId, state, checkValue, epoch } of known) {
    if (state === 'retired') continue;
    const key = keyRing.known(purpose).find(({ id }) => id === keyId);
    if (key) assertSame(key, checkValue);
    else if (state !== 'known')
      throw new WrongKeyError(
        `The key ring lacks the ${purpose} key ${keyId}, which this database was used with: start with the key ring that belongs to this database.`,
      );
    const declared = keyRing.declared(purpose);
    if (state === 'active' && declared.epoch > epoch)
      throw new WrongKeyError(
        `The key ring names ${declared.id} as the active ${purpose} key, and this database the older ${keyId}: set \`active\` to ${keyId}, and make ${declared.id} active with \`countersign keys rotate ${declared.id}\`.`,
      );
  }
}

function assertSame({ purpose, id, ...key }: RingKey, checkValue: string): void {
  if (!equalsConstantTime(keyCheckValue({ purpose, id, ...key }), checkValue))
    throw new WrongKeyError(
      `The ${purpose} key ${id} is not the one that this database was used with: start with the key ring that belongs to this database.`,
    );
}

function isActive({ purpose, state }: RingKeyRow, wanted: RingKeyRow['purpose']): boolean {
  return purpose === wanted && state === 'active';
}
