import { ApiProperty, ApiPropertyOptional, PickType } from '@nestjs/swagger';
import { OwnProfileResponse } from '@countersign/profiles';
import { assurances, SessionResponse, type Assurance } from '@countersign/sessions';
import { PendingErasureResponse } from './erasure.response';
import { userStatuses, type UserStatus } from '@countersign/users';

export class ProfileResponse {
  @ApiProperty({
    description: 'The first name, as the platform knows it.',
    type: String,
    nullable: true,
    example: 'Vladislav',
  })
  firstName: string | null;

  @ApiProperty({
    description: 'The last name, as the platform knows it.',
    type: String,
    nullable: true,
    example: 'Kibenko',
  })
  lastName: string | null;

  @ApiProperty({
    description: 'The username on the platform, without `@`.',
    type: String,
    nullable: true,
    example: 'vdkfrost',
  })
  username: string | null;

  @ApiProperty({ description: 'The URL of the photo.', type: String, nullable: true, example: null })
  photoUrl: string | null;

  @ApiProperty({
    description: 'The language of the client, as an IETF language tag.',
    type: String,
    nullable: true,
    example: null,
  })
  languageCode: string | null;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    description: 'E.164. Only where the application needs `phone`.',
    example: '+4930123456',
  })
  phoneNumber?: string | null;

  @ApiPropertyOptional({
    type: Boolean,
    nullable: true,
    description:
      'Whether the person pays the platform for premium features. Only where the application needs `premium`.',
    example: false,
  })
  premium?: boolean | null;
}

export class IdentityResponse {
  @ApiProperty({
    description: 'The id of the identity.',
    format: 'uuid',
    example: '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11',
  })
  identityId: string;

  @ApiProperty({
    description: 'The platform, such as `telegram` or `openweb3`.',
    example: 'telegram',
  })
  provider: string;

  @ApiProperty({
    description: 'The environment of the platform, such as `production` or `test`.',
    example: 'production',
  })
  environment: string;

  @ApiProperty({ description: 'The platform’s own id of the person.', example: '279058397' })
  subject: string;

  @ApiProperty({
    description: 'When the identity was first seen.',
    format: 'date-time',
    example: '2026-11-20T08:00:00.000Z',
  })
  createdAt: string;

  @ApiProperty({
    enum: assurances,
    description: 'Its maximum assurance: the weakest one that it was attached to the account by.',
    example: 'platform',
  })
  assurance: Assurance;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When it leaves the account, unless it signs in until then.',
    example: null,
  })
  unlinksAt: string | null;
}

export class UnlinkingResponse {
  @ApiProperty({
    description: 'When the identity leaves the account, unless it signs in until then.',
    format: 'date-time',
    example: '2026-11-23T08:00:00.000Z',
  })
  unlinksAt: string;
}

export class CurrentSessionResponse extends PickType(SessionResponse, [
  'sessionId',
  'applicationId',
  'assurance',
]) {
  @ApiProperty({ description: 'What the session may do.', type: [String], example: [] })
  scopes: readonly string[];
}

export class IdentityPage {
  @ApiProperty({ description: 'The identities, oldest first.', type: [IdentityResponse] })
  items: readonly IdentityResponse[];

  @ApiProperty({
    description: '`cursor` of the next page; null on the last page.',
    type: String,
    nullable: true,
    example: null,
  })
  nextCursor: string | null;
}

/** The caller themselves. */
export class MeResponse {
  @ApiProperty({
    description: 'The id of the account.',
    format: 'uuid',
    example: '0199a3c6-7f2d-74c1-b1a5-6f9f0e3d2c10',
  })
  userId: string;

  @ApiProperty({
    description: 'When the account was created.',
    format: 'date-time',
    example: '2026-11-20T08:00:00.000Z',
  })
  createdAt: string;

  @ApiProperty({ description: 'Whether the account may be used.', enum: userStatuses, example: 'active' })
  status: UserStatus;

  @ApiProperty({ type: ProfileResponse })
  profile: ProfileResponse;

  @ApiProperty({ description: 'What the person has set themselves.', type: OwnProfileResponse })
  ownProfile: OwnProfileResponse;

  @ApiProperty({ description: 'The identities of the account, oldest first.', type: [IdentityResponse] })
  identities: readonly IdentityResponse[];

  @ApiProperty({
    type: CurrentSessionResponse,
    nullable: true,
    description: 'None for init data per request.',
  })
  session: CurrentSessionResponse | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description:
      'When sessions ended that weaker proofs had opened, since the platform itself named the person for the first time.',
    example: null,
  })
  weakerSessionsEndedAt: string | null;

  @ApiProperty({
    type: PendingErasureResponse,
    nullable: true,
    description:
      'The requested erasure of the account. A stronger sign-in than the one that requested it cancels it.',
    example: null,
  })
  erasure: PendingErasureResponse | null;
}
