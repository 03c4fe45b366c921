import { Injectable } from '@nestjs/common';
import { Any, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { AuditService, operator } from '@countersign/audit';
import { Clock, Configuration, Logger, plusSeconds } from '@countersign/runtime';
import { KeyRing } from '@countersign/crypto';
import {
  AgreedClock,
  Database,
  Notifications,
  NotifiedCache,
  Recurring,
  RunsAtStart,
  unavailable,
} from '@countersign/database';
import { defineErrors, refusals } from '@countersign/text';
import {
  isNextDue,
  pendingAt,
  PUBLISH_AHEAD_SECONDS,
  retiredAt,
  signingAt,
  stateOf,
  type IdentityKey,
  type IdentityKeyState,
  type StoredIdentityKey,
} from './identity-key';
import { IdentityKeyEntity, IdentityKeysRepository } from './identity-keys.repository';
import { createKeyPair, openKeyPair, type OpenIdentityKey } from './key-pairs';
import { issuerEvents } from '../issuer.feature';

const CHANNEL = 'countersign_identity_keys_changed';
const FRESH_SECONDS = 60;
const ALL = 'all';

const issuerError = defineErrors(
  refusals('not-found', { 'identity_key.not_found': 'No such key of identity tokens' }),
);

export interface ListedIdentityKey extends IdentityKey {
  readonly state: IdentityKeyState;
}

interface Change {
  readonly tx: EntityManager;
  readonly keys: readonly StoredIdentityKey[];
  readonly now: Date;
}

/** Creates the keys that sign identity tokens before they are needed, and removes them when they are retired. */
@Injectable()
@RunsAtStart()
@Recurring({
  name: 'identity-key-upkeep',
  cron: '19 * * * *',
  everyMinutes: 60,
  removes: { 'identity keys': 'until all their signatures have expired' },
})
export class IdentityKeys {
  private readonly published: NotifiedCache<readonly OpenIdentityKey[]>;

  constructor(
    notifications: Notifications,
    private readonly clock: Clock,
    private readonly database: Database,
    private readonly repository: IdentityKeysRepository,
    private readonly keyRing: KeyRing,
    private readonly audit: AuditService,
    private readonly configuration: Configuration,
    private readonly agreedClock: AgreedClock,
    private readonly logger: Logger,
  ) {
    this.published = new NotifiedCache<readonly OpenIdentityKey[]>(notifications, clock, {
      channel: CHANNEL,
      read: async () => (await this.stored()).map((key) => this.opened(key)),
      freshSeconds: FRESH_SECONDS,
      entries: 1,
    });
  }

  /** @returns the number of removed keys */
  async run(): Promise<number> {
    await this.agreedClock.now();
    await this.ensure();
    return this.removeRetired();
  }

  /** Creates the first key, which signs at once, or a key that is due. Concurrent replicas create one key in all. */
  async ensure(): Promise<void> {
    const { identityTokenAlgorithm: algorithm } = this.configuration;
    if (!isNextDue(await this.stored(), algorithm, this.clock.now())) return;
    await this.change(async (change) => {
      if (isNextDue(change.keys, algorithm, change.now)) await this.add(change, 'system');
    });
  }

  /** Creates a key that is published now and signs later, unless there is such a key already. */
  async rotate(): Promise<ListedIdentityKey> {
    return this.change(async (change) => {
      const key = pendingAt(change.keys, change.now) ?? (await this.add(change, operator()));
      return toListed(key, [key, ...change.keys], change.now);
    });
  }

  /** All published keys; the key that signs latest comes first. Decrypts none of them. */
  async list(): Promise<readonly ListedIdentityKey[]> {
    const [keys, now] = [await this.stored(), this.clock.now()];
    return keys.map((key) => toListed(key, keys, now));
  }

  /**
   * Removes a key from the key set at once. If it was signing, another key signs at once. Services accept its
   * signatures until they refresh their cached key set. Decrypts no key, so that an unreadable key can be revoked.
   * @returns the key that signs now
   */
  async revoke(kid: string): Promise<ListedIdentityKey> {
    return this.change(async (change) => {
      const { tx, keys, now } = change;
      if (!keys.some((key) => key.kid === kid)) throw issuerError('identity_key.not_found');
      const remaining = keys.filter((key) => key.kid !== kid);
      await tx.delete(IdentityKeyEntity, { id: kid });
      await this.audit.recordByOperator(tx, issuerEvents.keyRevoked, { subject: kid, event: { keyId: kid } });
      const signing = signingAt(keys, now);
      const heir =
        signing && signing.kid !== kid ? signing : await this.appoint({ ...change, keys: remaining });
      return toListed(heir, [heir], now);
    });
  }

  /** Deletes keys whose tokens have all expired. @returns the number of deleted keys */
  async removeRetired(): Promise<number> {
    const [keys, now] = [await this.stored(), this.clock.now()];
    if (retiredAt(keys, now).length === 0) return 0;
    return this.change(async (change) => {
      const retired = retiredAt(change.keys, change.now);
      await change.tx.delete(IdentityKeyEntity, { id: Any(retired.map(({ kid }) => kid)) });
      return retired.length;
    });
  }

  /** `undefined` if a query is needed. */
  peek(now: Date): readonly OpenIdentityKey[] | undefined {
    return this.published.peek(ALL, now) ?? undefined;
  }

  /** All decrypted keys; the key that signs latest comes first. Creates the first key if there is none. */
  async open(): Promise<readonly OpenIdentityKey[]> {
    const known = await this.published.get(ALL);
    if (known?.length) return known;
    await this.ensure();
    this.published.dropAll();
    return (await this.published.get(ALL)) ?? [];
  }

  private async change<T>(work: (change: Change) => Promise<T>): Promise<T> {
    const now = await this.agreedClock.now();
    const result = await this.database.transaction(async (tx) => {
      await this.repository.lock(tx);
      return work({ tx, keys: await this.repository.findAll(tx), now });
    });
    this.published.dropAll();
    return result;
  }

  /** Lets the newest key of the configured algorithm sign from now on, or creates one. */
  private async appoint(change: Change): Promise<IdentityKey> {
    const { tx, keys, now } = change;
    const heir = keys.find(({ algorithm }) => algorithm === this.configuration.identityTokenAlgorithm);
    if (!heir) return this.add(change, operator(), now);
    await tx.update(IdentityKeyEntity, { id: heir.kid }, { signsFrom: now });
    return { ...heir, signsFrom: now };
  }

  private async add({ tx, keys, now }: Change, actor: string, signsFrom?: Date): Promise<IdentityKey> {
    const isFirst = keys.length === 0;
    const algorithm = this.configuration.identityTokenAlgorithm;
    const kid = uuidv7();
    const key: StoredIdentityKey = {
      kid,
      algorithm,
      ...createKeyPair(this.keyRing, kid, algorithm),
      createdAt: now,
      signsFrom: signsFrom ?? (isFirst ? now : plusSeconds(now, PUBLISH_AHEAD_SECONDS)),
    };
    const { kid: id, ...columns } = key;
    await tx.insert(IdentityKeyEntity, { id, ...columns });
    const action = isFirst ? issuerEvents.keyCreated : issuerEvents.keyRotated;
    await this.audit.record(tx, action, {
      actor,
      subject: kid,
      details: { algorithm },
      event: { keyId: kid },
    });
    return key;
  }

  private opened(stored: StoredIdentityKey): OpenIdentityKey {
    try {
      return openKeyPair(this.keyRing, stored);
    } catch (error) {
      this.logger.error({ kid: stored.kid, err: error }, 'a key of identity tokens cannot be opened');
      throw unavailable(error);
    }
  }

  private async stored(): Promise<readonly StoredIdentityKey[]> {
    return this.database.read((manager) => this.repository.findAll(manager));
  }
}

function toListed(key: IdentityKey, keys: readonly IdentityKey[], now: Date): ListedIdentityKey {
  const { kid, algorithm, createdAt, signsFrom } = key;
  return { kid, algorithm, createdAt, signsFrom, state: stateOf(key, keys, now) };
}
