import { ApiProperty } from '@nestjs/swagger';
import { IsUUID } from 'class-validator';
import { lostThings, type Lost } from '@countersign/users';

export const joinKinds = ['link', 'merge'] as const;
export type JoinKind = (typeof joinKinds)[number];

const joinIdField = {
  description: 'The id of the merge or of the link.',
  format: 'uuid',
  example: '0199a3c6-8a11-7c50-9d5e-0d6b1f2a3c44',
};

export class SeparableJoinResponse {
  @ApiProperty(joinIdField)
  joinId: string;

  @ApiProperty({
    description: '`merge`: the identities came with an account. `link`: the identity had none.',
    enum: joinKinds,
    example: 'merge',
  })
  kind: JoinKind;

  @ApiProperty({
    description: 'The account that returns; null for a link, whose identity gets a new one.',
    type: String,
    format: 'uuid',
    nullable: true,
    example: '0199a3c6-7f2d-74c1-b1a5-6f9f0e3d2c10',
  })
  userId: string | null;

  @ApiProperty({
    description: 'The identities that came, and leave.',
    type: [String],
    example: ['0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11'],
  })
  identityIds: readonly string[];

  @ApiProperty({
    description:
      'Whether other identities came than that of the session: then separating asks for a step-up for `account.unlink`.',
    example: false,
  })
  needsStepUp: boolean;

  @ApiProperty({
    description: 'When they came.',
    format: 'date-time',
    example: '2026-11-20T08:00:00.000Z',
  })
  joinedAt: string;

  @ApiProperty({
    description: 'Until when it can be separated.',
    format: 'date-time',
    example: '2026-11-27T08:00:00.000Z',
  })
  separableUntil: string;
}

export class SeparableJoinsResponse {
  @ApiProperty({ description: 'Newest first.', type: [SeparableJoinResponse] })
  items: readonly SeparableJoinResponse[];
}

export class SeparationRequest {
  @ApiProperty(joinIdField)
  @IsUUID()
  joinId: string;
}

export class LostResponse {
  @ApiProperty({
    description:
      '`team`: the account is no longer a member, or the team is gone. `team-role`: the role in the team was lowered, or ' +
      'the ownership transferred. `username`: another person has it.',
    enum: lostThings,
    example: 'team',
  })
  what: Lost['what'];

  @ApiProperty({
    description: 'The id of the team.',
    type: String,
    format: 'uuid',
    nullable: true,
    example: '0199a3c6-9b0c-7a53-8d6e-2f1a4c5b6d70',
  })
  id: string | null;
}

export class SeparationResponse {
  @ApiProperty({
    description: 'The account that the identities that left have now.',
    format: 'uuid',
    example: '0199a3c6-7f2d-74c1-b1a5-6f9f0e3d2c10',
  })
  userId: string;

  @ApiProperty({
    description: 'How many sessions of the identities that left ended.',
    type: 'integer',
    example: 2,
  })
  endedSessions: number;

  @ApiProperty({ description: 'What could not return.', type: [LostResponse] })
  lost: readonly LostResponse[];
}
