import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '@countersign/runtime';
import { Database } from '@countersign/database';
import { OpenidAccounts } from '../provider/openid-accounts';
import { OpenidSeenClientEntity, type OpenidClientEntity } from '../store/openid.entities';
import { shownDigest } from './shown-digest';

/**
 * The clients that people have seen. A browser that is signed in already signs in to no other client without a question:
 * otherwise the operator of a new client could have the claims of each visitor of a page.
 */
@Injectable()
export class SeenClients {
  constructor(
    private readonly database: Database,
    private readonly accounts: OpenidAccounts,
    private readonly clock: Clock,
  ) {}

  /** The client as people see it. */
  digestOf(client: OpenidClientEntity): string {
    const { claims } = this.accounts;
    return shownDigest(
      client,
      client.scopes.flatMap((scope) => claims[scope] ?? []),
    );
  }

  /** Whether the person has seen the client as it is now. */
  async has(userId: string, client: OpenidClientEntity): Promise<boolean> {
    const where = { userId, clientId: client.id, digest: this.digestOf(client) };
    return this.database.read((manager) => manager.existsBy(OpenidSeenClientEntity, where));
  }

  /** @param digest of the client as it was shown: see `digestOf` */
  async add(tx: EntityManager, userId: string, clientId: string, digest: string): Promise<void> {
    const seen = { userId, clientId, digest, seenAt: this.clock.now() };
    await tx.upsert(OpenidSeenClientEntity, seen, ['userId', 'clientId']);
  }
}
