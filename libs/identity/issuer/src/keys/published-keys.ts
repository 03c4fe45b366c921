import { Injectable } from '@nestjs/common';
import { Clock } from '@countersign/clock';
import { KeyRing } from '@countersign/crypto';
import { Database, NotifiedCache, Notifications, unavailable } from '@countersign/database';
import { Logger } from '@countersign/observability';
import type { StoredIdentityKey } from './identity-key';
import { IdentityKeysRepository } from './identity-keys.repository';
import { openKeyPair, type OpenIdentityKey } from './key-pairs';

const CHANNEL = 'countersign_identity_keys_changed';
const FRESH_SECONDS = 60;
const ALL = 'all';

/** The keys of identity tokens in the cache, opened, those that sign latest first. */
@Injectable()
export class PublishedKeys {
  private readonly cache: NotifiedCache<readonly OpenIdentityKey[]>;

  constructor(
    notifications: Notifications,
    clock: Clock,
    private readonly database: Database,
    private readonly repository: IdentityKeysRepository,
    private readonly keyRing: KeyRing,
    private readonly logger: Logger,
  ) {
    this.cache = new NotifiedCache(notifications, clock, {
      channel: CHANNEL,
      read: () => this.read(),
      freshSeconds: FRESH_SECONDS,
      entries: 1,
    });
  }

  /** What the cache knows for certain at `now`; `undefined` when a query is needed. */
  peek(now: Date): readonly OpenIdentityKey[] | undefined {
    return this.cache.peek(ALL, now) ?? undefined;
  }

  /** @throws AppError service.unavailable also when a key cannot be opened: none is used then. */
  async get(): Promise<readonly OpenIdentityKey[]> {
    return (await this.cache.get(ALL)) ?? [];
  }

  /** Call it after the commit of a change; other replicas are notified by the commit itself. */
  forget(): void {
    this.cache.dropAll();
  }

  private async read(): Promise<readonly OpenIdentityKey[]> {
    const stored = await this.database.read((manager) => this.repository.findAll(manager));
    return stored.map((key) => this.open(key));
  }

  private open(stored: StoredIdentityKey): OpenIdentityKey {
    try {
      return openKeyPair(this.keyRing, stored);
    } catch (error) {
      this.logger.error({ kid: stored.kid, err: error }, 'a key of identity tokens cannot be opened');
      throw unavailable(error);
    }
  }
}
