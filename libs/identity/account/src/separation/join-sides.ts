import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '@countersign/clock';
import { JudgesSides, type JudgeOfSides, type Principal } from '@countersign/sessions';
import { IdentitiesService } from '@countersign/users';
import { AccountJoinsRepository } from './account-joins.repository';

/**
 * The sides of an account: identities that came together by merges that can be separated, each one that a link attached
 * within those days, and the others.
 */
@Injectable()
@JudgesSides()
export class JoinSides implements JudgeOfSides {
  constructor(
    private readonly identities: IdentitiesService,
    private readonly joins: AccountJoinsRepository,
    private readonly clock: Clock,
  ) {}

  async sideOf(
    manager: EntityManager,
    { userId, identityId }: Pick<Principal, 'userId' | 'identityId'>,
  ): Promise<readonly string[] | null> {
    const arrivals = await this.identities.arrivalsOf(manager, userId);
    if (arrivals.length < 2) return null;
    const now = this.clock.now();
    const live = (await this.joins.listOf(manager, userId)).filter((join) => join.separableUntil > now);
    const sides = new Map(
      arrivals.map(({ id, separableUntil }) => {
        const merges = live.filter((join) => join.identityIds.includes(id)).map((join) => join.id);
        const isAlone = separableUntil !== null && separableUntil > now;
        return [id, [...merges, ...(isAlone ? [id] : [])].join()];
      }),
    );
    const own = sides.get(identityId);
    const side = [...sides].filter(([, other]) => other === own).map(([id]) => id);
    return side.length === arrivals.length ? null : side;
  }
}
