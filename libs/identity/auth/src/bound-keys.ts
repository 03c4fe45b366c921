import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Database } from '@countersign/database';
import { SessionsService } from '@countersign/sessions';
import { UsersService, type IdentityKey } from '@countersign/users';

/**
 * Queried only when a limit is reached. A session newer than the cached result does not matter within this
 * time.
 */
const FRESH_MS = 5_000;
const MAX_PEOPLE = 1_000;

/**
 * The device keys that a person's live sessions in an application are bound to. Cached for a few seconds per
 * person.
 */
@Injectable()
export class BoundKeys {
  private readonly known = new LRUCache<string, Promise<ReadonlySet<string>>>({
    max: MAX_PEOPLE,
    ttl: FRESH_MS,
  });

  constructor(
    private readonly database: Database,
    private readonly users: UsersService,
    private readonly sessions: SessionsService,
  ) {}

  async has(person: IdentityKey, applicationId: string, thumbprint: string): Promise<boolean> {
    const { provider, environment, subject } = person;
    const name = JSON.stringify([applicationId, provider, environment, subject]);
    const known = this.known.get(name);
    if (known) return (await known).has(thumbprint);
    const reading = this.read(person, applicationId);
    this.known.set(name, reading);
    reading.catch(() => this.known.delete(name));
    return (await reading).has(thumbprint);
  }

  private async read(person: IdentityKey, applicationId: string): Promise<ReadonlySet<string>> {
    const known = await this.users.findByClaim(person);
    if (!known) return new Set();
    return new Set(
      await this.database.read((manager) => this.sessions.deviceKeysOf(manager, known.userId, applicationId)),
    );
  }
}
