import { ApiProperty } from '@nestjs/swagger';
import { IsInt, Max, Min } from 'class-validator';
import { AppLinkResponse } from '@countersign/applications';
import { joinOutcomes } from './join.entity';
import type { JoinState } from './join-state';

const joinIdField = {
  format: 'uuid',
  description: 'Names the request to join.',
  example: '0199a3c6-7f2d-74c1-b1a5-6f9f0e3d2c10',
};
const expiresInField = {
  type: 'integer',
  description: 'Seconds for which the request is open.',
  example: 600,
} as const;

export class JoinRequestResponse {
  @ApiProperty(joinIdField)
  joinId: string;

  @ApiProperty({
    description:
      'The start parameter of the other person’s launch, or of their Log In With Telegram, is `j_` and this code.',
    example: 'Hq7mXw2kVt9pRb4cYd8nJs3f',
  })
  code: string;

  @ApiProperty({
    type: 'integer',
    description: 'Two digits that this page shows, and the person of the other account types.',
    example: 42,
  })
  number: number;

  @ApiProperty(expiresInField)
  expiresIn: number;

  @ApiProperty({
    type: [AppLinkResponse],
    description: 'Links that open the Mini App with the code; also for a QR code.',
  })
  links: AppLinkResponse[];
}

export class JoinStateResponse {
  @ApiProperty(joinIdField)
  joinId: string;

  @ApiProperty({
    enum: ['open', 'expired', ...joinOutcomes],
    description: '`failed` after three wrong numbers.',
    example: 'open',
  })
  state: JoinState;

  @ApiProperty(expiresInField)
  expiresIn: number;
}

/** Who asks, for the page of the other account. */
export class AskedJoinResponse {
  @ApiProperty({ description: 'The application in which it was asked.', example: 'Game' })
  applicationName: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The public display name of the asking account; null where it has none.',
    example: 'Ada',
  })
  displayName: string | null;

  @ApiProperty({
    format: 'date-time',
    description: 'When it was asked.',
    example: '2026-11-25T08:00:00.000Z',
  })
  askedAt: string;

  @ApiProperty(expiresInField)
  expiresIn: number;
}

export class AcceptJoinBody {
  @ApiProperty({
    type: 'integer',
    minimum: 10,
    maximum: 99,
    description: 'The number that the asking page shows.',
    example: 42,
  })
  @IsInt()
  @Min(10)
  @Max(99)
  number: number;
}

/** In the answer of a sign-in whose start parameter carried the code of a join. */
export class SignInJoinResponse {
  @ApiProperty({
    description: 'The code, for GET /v1/joins/{code} and the acceptance.',
    example: 'Hq7mXw2kVt9pRb4cYd8nJs3f',
  })
  code: string;

  @ApiProperty({ description: 'The acceptance brings it as `X-Step-Up-Grant`.', example: 'cs_sg_...' })
  grant: string;

  @ApiProperty({ type: 'integer', description: 'Seconds for which the grant is good.', example: 300 })
  expiresIn: number;
}
