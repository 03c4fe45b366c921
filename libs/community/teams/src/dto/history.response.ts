import {
  teamHistoryActions,
  type TeamHistoryAction,
  type TeamHistoryEntity,
} from '../store/team-history.entity';
import { Id, Instant, ObjectOf, OneOf, type Page, PageOf } from '@countersign/http';

export class TeamHistoryResponse {
  @Id('The id of the entry.', '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a12')
  id: string;

  @Instant('When it happened.', '2026-11-20T12:00:00.000Z')
  at: string;

  @OneOf(teamHistoryActions, 'What happened.', 'joined')
  action: TeamHistoryAction;

  @Id(
    'Who did it; `null` for the service, and when that account was erased.',
    '0199a3c6-7f2d-74c1-b1a5-6f9f0e3d2c10',
    { nullable: true },
  )
  actorId: string | null;

  @Id(
    'The member that it is about; `null` where it is about the team, and when that account was erased.',
    '0199a3c6-7f2d-74c1-b1a5-6f9f0e3d2c10',
    { nullable: true },
  )
  subjectId: string | null;

  @ObjectOf({ type: 'string' }, 'Words such as `role`, `how`, `reason` and the names of changed `fields`.', {
    role: 'viewer',
    how: 'invitation',
  })
  details: Readonly<Record<string, string>>;
}

export class TeamHistoryPage extends PageOf(TeamHistoryResponse, 'What happened, newest first.') {}

export function toHistoryPage({ items, nextCursor }: Page<TeamHistoryEntity>): TeamHistoryPage {
  return {
    items: items.map(({ id, at, action, actorId, subjectId, details }) => ({
      id,
      at: at.toISOString(),
      action,
      actorId,
      subjectId,
      details,
    })),
    nextCursor,
  };
}
