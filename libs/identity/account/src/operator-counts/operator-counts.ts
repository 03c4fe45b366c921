import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { operator } from '@countersign/audit';
import { Clock, DAY, HOUR, SECOND } from '@countersign/clock';
import { Configuration } from '@countersign/config';
import { limitsError } from '@countersign/limits';
import { peopleError } from '../people.errors';
import { OperatorCountsRepository } from './operator-counts.repository';

/** Of one principal: with unlimited look-ups it could find out which people of a long list have accounts. */
export const LOOKUPS_PER_HOUR = 600;

/** Ceilings of operators, counted in the database: they hold for all replicas. Days and hours are those of UTC. */
@Injectable()
export class OperatorCounts {
  constructor(
    private readonly counts: OperatorCountsRepository,
    private readonly configuration: Configuration,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError user.export_ceiling_reached */
  async countExport(tx: EntityManager): Promise<void> {
    const { since, retryAfterSeconds } = this.periodOf(DAY);
    const wanted = { act: 'export', since, ceiling: this.configuration.exportsPerDay } as const;
    if (!(await this.counts.count(tx, operator(), wanted)))
      throw peopleError('user.export_ceiling_reached', { retryAfterSeconds });
  }

  /** Only of principals: at the command line the database is open anyway. @throws AppError request.rate_limited */
  async countLookup(tx: EntityManager): Promise<void> {
    const actor = operator();
    if (!actor.startsWith('principal:')) return;
    const { since, retryAfterSeconds } = this.periodOf(HOUR);
    const wanted = { act: 'lookup', since, ceiling: LOOKUPS_PER_HOUR } as const;
    if (!(await this.counts.count(tx, actor, wanted)))
      throw limitsError('request.rate_limited', { retryAfterSeconds });
  }

  private periodOf(lengthMs: number): { readonly since: Date; readonly retryAfterSeconds: number } {
    const now = this.clock.now();
    const passed = now.getTime() % lengthMs;
    return {
      since: new Date(now.getTime() - passed),
      retryAfterSeconds: Math.ceil((lengthMs - passed) / SECOND),
    };
  }
}
