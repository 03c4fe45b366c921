import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/** The channel for changes of what identity tokens say about teams. A message is one `ChangedTeams`. */
export const TEAMS_CHANNEL = 'countersign_teams_changed';

/**
 * `user`: memberships or roles of one person. `team`: a team was deleted or restored: one message for all of its members.
 * `application`: a team was created in it.
 */
type ChangedTeams = `${'user' | 'team' | 'application'}:${string}`;

@Injectable()
export class TeamChannel {
  /** PostgreSQL delivers it when the transaction commits, and a repeated one once. */
  async announce(tx: EntityManager, ...changes: readonly ChangedTeams[]): Promise<void> {
    for (const change of changes) await tx.query('SELECT pg_notify($1, $2)', [TEAMS_CHANNEL, change]);
  }
}
