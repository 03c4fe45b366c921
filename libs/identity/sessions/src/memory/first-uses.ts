import { Injectable } from '@nestjs/common';
import { Clock } from '@countersign/clock';
import { Database } from '@countersign/database';
import type { AccessSession } from '../session';
import { SessionsRepository } from '../store/sessions.repository';
import { SessionCache } from './session-cache';

type UsedPair = Pick<AccessSession, 'id' | 'accessDigest' | 'accessIdleExpiresAt'>;

const DONE = { status: 'fulfilled', value: undefined } as const;

/**
 * Records the first use of a pair before the answer to it: from then on the refresh token before it counts as stolen. A slide
 * that moves nothing, written at once: simultaneous ones share a transaction, and those of one pair a write.
 */
@Injectable()
export class FirstUses {
  private readonly write: (pair: UsedPair) => Promise<void>;
  private readonly writing = new Map<string, Promise<void>>();

  constructor(
    database: Database,
    repository: SessionsRepository,
    private readonly cache: SessionCache,
    clock: Clock,
  ) {
    this.write = database.sharedTransactions({
      keyOf: ({ id }: UsedPair) => id,
      work: async (tx, pairs, isAlone) => {
        const usedAt = clock.now();
        const slides = pairs.map(({ id, accessDigest, accessIdleExpiresAt }) => {
          return { sessionId: id, accessDigest, usedAt, deadline: accessIdleExpiresAt };
        });
        const left = new Set(await repository.slide(tx, slides, isAlone));
        return pairs.map(({ id }) => (!isAlone && left.has(id) ? null : DONE));
      },
    });
  }

  /** Writes nothing where the session has ended or has another pair: the caller finds it again. */
  record(pair: UsedPair): Promise<void> {
    const name = pair.accessDigest.toString('latin1');
    const writing =
      this.writing.get(name) ??
      this.write(pair)
        .then(() => {
          this.cache.drop(pair.id);
        })
        .finally(() => this.writing.delete(name));
    this.writing.set(name, writing);
    return writing;
  }
}
