import { ApiProperty } from '@nestjs/swagger';
import { nextCursorField, type Page } from '@countersign/http';
import {
  teamHistoryActions,
  type TeamHistoryAction,
  type TeamHistoryEntity,
} from '../store/team-history.entity';

export class TeamHistoryResponse {
  @ApiProperty({
    description: 'The id of the entry.',
    format: 'uuid',
    example: '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a12',
  })
  id: string;

  @ApiProperty({ description: 'When it happened.', format: 'date-time', example: '2026-11-20T12:00:00.000Z' })
  at: string;

  @ApiProperty({ description: 'What happened.', enum: [...teamHistoryActions], example: 'joined' })
  action: TeamHistoryAction;

  @ApiProperty({
    description: 'Who did it; `null` for the service, and when that account was erased.',
    format: 'uuid',
    type: String,
    nullable: true,
    example: '0199a3c6-7f2d-74c1-b1a5-6f9f0e3d2c10',
  })
  actorId: string | null;

  @ApiProperty({
    description:
      'The member that it is about; `null` where it is about the team, and when that account was erased.',
    format: 'uuid',
    type: String,
    nullable: true,
    example: '0199a3c6-7f2d-74c1-b1a5-6f9f0e3d2c10',
  })
  subjectId: string | null;

  @ApiProperty({
    description: 'Words such as `role`, `how`, `reason` and the names of changed `fields`.',
    type: 'object',
    additionalProperties: { type: 'string' },
    example: { role: 'viewer', how: 'invitation' },
  })
  details: Readonly<Record<string, string>>;
}

export class TeamHistoryPage {
  @ApiProperty({ description: 'What happened, newest first.', type: [TeamHistoryResponse] })
  items: readonly TeamHistoryResponse[];

  @ApiProperty(nextCursorField)
  nextCursor: string | null;
}

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
