import { ApiProperty, PickType } from '@nestjs/swagger';
import { extensionPoint } from '@countersign/runtime';
import { Flag, Id, Instant, ListOf, Nested, OneOf, PageOf, Text, Integer } from '@countersign/http';
import { assurances, SessionResponse, type Assurance, type Principal } from '@countersign/sessions';
import { userStatuses, type User, type UserStatus } from '@countersign/users';
import { PendingErasureResponse } from './erasure.response';
import { USER_ID } from './examples';

export class ProfileResponse {
  @Text('The first name, as the platform knows it.', 'Vladislav', { nullable: true })
  firstName: string | null;

  @Text('The last name, as the platform knows it.', 'Kibenko', { nullable: true })
  lastName: string | null;

  @Text('The username on the platform, without `@`.', 'vdkfrost', { nullable: true })
  username: string | null;

  @Text('The URL of the photo.', null, { nullable: true })
  photoUrl: string | null;

  @Text('The language of the client, as an IETF language tag.', null, { nullable: true })
  languageCode: string | null;

  @Text('E.164. Only where the application needs `phone`.', '+4930123456', { optional: true, nullable: true })
  phoneNumber?: string | null;

  @Flag(
    'Whether the person pays the platform for premium features. Only where the application needs `premium`.',
    false,
    { optional: true, nullable: true },
  )
  premium?: boolean | null;
}

export class IdentityResponse {
  @Id('The id of the identity.')
  identityId: string;

  @Text('The platform, such as `telegram` or `openweb3`.', 'telegram')
  provider: string;

  @Text('The environment of the platform, such as `production` or `test`.', 'production')
  environment: string;

  @Text('The platform’s own id of the person.', '279058397')
  subject: string;

  @Instant('When the identity was first seen.', '2026-11-20T08:00:00.000Z')
  createdAt: string;

  @OneOf(
    assurances,
    'Its maximum assurance: the weakest one that it was attached to the account by.',
    'platform',
  )
  assurance: Assurance;
}

export class CurrentSessionResponse extends PickType(SessionResponse, [
  'sessionId',
  'applicationId',
  'assurance',
]) {
  @Text('What the session may do.', [], { list: {} })
  scopes: readonly string[];
}

export class IdentityPage extends PageOf(IdentityResponse, 'The identities, oldest first.') {}

export class MeResponse {
  @Id('The id of the account.', USER_ID)
  userId: string;

  @Instant('When the account was created.', '2026-11-20T08:00:00.000Z')
  createdAt: string;

  @OneOf(userStatuses, 'Whether the account may be used.', 'active')
  status: UserStatus;

  @ApiProperty({ type: ProfileResponse })
  profile: ProfileResponse;

  @ListOf(IdentityResponse, 'The identities of the account, oldest first.')
  identities: readonly IdentityResponse[];

  @Nested(CurrentSessionResponse, 'None for init data per request.', { nullable: true })
  session: CurrentSessionResponse | null;

  @Nested(PendingErasureResponse, 'The requested erasure of the account.', {
    nullable: true,
    schema: { example: null },
  })
  erasure: PendingErasureResponse | null;
}

export class StepUpResponse {
  @Integer('Seconds for which the session is stepped up.', 300)
  stepUpExpiresIn: number;
}

export class MergeResponse {
  @Id('The account that is left: the caller’s.', USER_ID)
  userId: string;

  @Id('The account that was merged into it. Its id stays an alias.', '0199a3c6-8a11-7c50-9d5e-0d6b1f2a3c44')
  mergedUserId: string;
}

interface MeAddition {
  /** Members of the answer of GET /v1/me, which the module declares in `MeResponse`. */
  describe(caller: Principal, user: User): Promise<object>;
  publicNameOf(userId: string): Promise<string | null>;
}

/** The data that a module adds to the answer of GET /v1/me. */
export const AddsToMe = extensionPoint<MeAddition>();
