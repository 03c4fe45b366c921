import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database } from '@countersign/database';
import { AccountEvents } from '../accounts/account-events';
import type { Erasure } from './erasure';
import { ErasuresRepository } from './erasures.repository';
import { userError } from '../user.errors';

/** Requested erasures of accounts. Those who write hold the lock of the user. */
@Injectable()
export class Erasures {
  constructor(
    private readonly database: Database,
    private readonly erasures: ErasuresRepository,
    private readonly events: AccountEvents,
  ) {}

  async find(userId: string, tx?: EntityManager): Promise<Erasure | null> {
    if (tx) return this.erasures.find(tx, userId);
    return this.database.read((manager) => this.erasures.find(manager, userId));
  }

  /** Replaces an earlier one. One that is repeated after a restore has no event. */
  async put(tx: EntityManager, erasure: Erasure): Promise<void> {
    await this.erasures.put(tx, erasure);
    const { userId, reason, eraseAt } = erasure;
    if (reason === 'restore') return;
    const data = { userId, erasesAt: eraseAt.toISOString() };
    await this.events.add(tx, 'user.erasure_requested', userId, data);
  }

  async cancel(tx: EntityManager, userId: string): Promise<void> {
    await this.erasures.delete(tx, userId);
    await this.events.add(tx, 'user.erasure_cancelled', userId, { userId });
  }

  /** From now on it cannot be cancelled. */
  async start(tx: EntityManager, userId: string, at: Date): Promise<void> {
    await this.erasures.start(tx, userId, at);
  }

  /** Users whose erasure weaker proofs than the platform's own requested in an application, and has not begun. */
  async listOfWeakProofs(applicationId: string): Promise<readonly string[]> {
    return this.database.read((manager) => this.erasures.listOfWeakProofs(manager, applicationId));
  }

  async listDue(now: Date, limit: number): Promise<readonly string[]> {
    return this.database.read((manager) => this.erasures.listDue(manager, now, limit));
  }

  /** All ids of an account: its own, and those of accounts that were merged into it. */
  async idsOf(tx: EntityManager, userId: string): Promise<readonly string[]> {
    return this.erasures.idsOf(tx, userId);
  }

  /** Accounts that have one of the ids, as their own or by a merge. */
  async ownersOf(ids: readonly string[]): Promise<readonly string[]> {
    return this.database.read((manager) => this.erasures.ownersOf(manager, ids));
  }
}

/** The error of a sign-in to an account that is to be erased. */
export function erasurePending({ eraseAt }: Pick<Erasure, 'eraseAt'>): Error {
  return userError('user.erasure_pending', { members: { erasesAt: eraseAt.toISOString() } });
}
