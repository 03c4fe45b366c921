import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '@countersign/runtime';
import { Database } from '@countersign/database';
import { OpenidAccounts } from '../provider/openid-accounts';
import { OpenidSeenClientEntity, type OpenidClientEntity } from '../store/openid.entities';
import { shownDigest } from './shown-digest';

/** A signed-in browser asks before each new client: its operator could otherwise get each visitor's claims. */
@Injectable()
export class SeenClients {
  constructor(
    private readonly database: Database,
    private readonly accounts: OpenidAccounts,
    private readonly clock: Clock,
  ) {}

  /** The digest changes with the client's data that people see. */
  digestOf(client: OpenidClientEntity): string {
    const { claims } = this.accounts;
    return shownDigest(
      client,
      client.scopes.flatMap((scope) => claims[scope] ?? []),
    );
  }

  async has(userId: string, client: OpenidClientEntity): Promise<boolean> {
    const where = { userId, clientId: client.id, digest: this.digestOf(client) };
    return this.database.read((manager) => manager.existsBy(OpenidSeenClientEntity, where));
  }

  /** @param digest from `digestOf`, of the client as it was shown */
  async add(tx: EntityManager, userId: string, clientId: string, digest: string): Promise<void> {
    const seen = { userId, clientId, digest, seenAt: this.clock.now() };
    await tx.upsert(OpenidSeenClientEntity, seen, ['userId', 'clientId']);
  }
}
