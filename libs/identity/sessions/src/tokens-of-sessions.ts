import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { HoldsRingKeys, type FormerKey, type KeyHolder } from '@countersign/keys';
import { SessionsRepository } from './store/sessions.repository';

/** Sessions whose tokens a token key made: without it their tokens are junk. */
@Injectable()
@HoldsRingKeys()
export class TokensOfSessions implements KeyHolder {
  readonly holds = 'sessions';
  readonly purpose = 'token';

  constructor(private readonly sessions: SessionsRepository) {}

  countHolding(manager: EntityManager, { since }: FormerKey, now: Date): Promise<number> {
    return this.sessions.countWithoutPairSince(manager, since, now);
  }
}
