import { PickType } from '@nestjs/swagger';
import {
  Count,
  Flag,
  Id,
  Instant,
  Matching,
  OneOf,
  PageOf,
  PageQuery,
  Text,
  toResponse,
} from '@countersign/http';
import { USER_ID } from '../../dto/examples';
import { userStatuses, type ErasureReason, type ListedUser, type UserStatus } from '@countersign/users';

/** The reason of an operator's act, for the audit trail. Free text could contain data that must not be there. */
export function IsReason(): PropertyDecorator {
  return Matching(
    'A ticket number or one word. The audit trail stores it. Letters, digits and `.`, `_`, `-`, `#`, `/` are allowed.',
    'ticket-4711',
    {
      input: 'required',
      pattern: /^[\w.#/-]{1,64}$/,
      message: 'must be a ticket number or one word: 1 to 64 letters, digits and . _ - # /',
    },
  );
}

const erasureReasons = ['person', 'operator', 'restore'] as const satisfies readonly ErasureReason[];

export class UsersQuery extends PageQuery {
  @OneOf(userStatuses, 'Only accounts in this state.', 'deactivated', { input: 'optional' })
  status?: UserStatus;
}

export class AdminUserResponse {
  @Id('Its id; for the id of a merged account that of the surviving one.', USER_ID)
  userId: string;

  @OneOf(userStatuses, 'A deactivated account has no sessions and no sign-ins.', 'active')
  status: UserStatus;

  @Instant('When it was created.')
  createdAt: string;

  @Text('The day of the last visit of any application, in UTC.', '2026-11-20', {
    nullable: true,
    schema: { format: 'date' },
  })
  lastSeenOn: string | null;

  @Count('How many identities it has.', 1)
  identityCount: number;

  @Text('The platforms of its identities.', ['telegram'], { list: {} })
  providers: readonly string[];

  @Instant('When it will be erased; null where that is not requested, or already done.', null, {
    nullable: true,
  })
  erasesAt: string | null;

  @OneOf(
    erasureReasons,
    'Who or what requested the erasure: its person, an operator, that it is not used, or a restore of the database.',
    null,
    { nullable: true },
  )
  erasureReason: ErasureReason | null;

  static of(user: ListedUser): AdminUserResponse {
    return toResponse(AdminUserResponse, user);
  }
}

export class AdminUserDetailResponse extends AdminUserResponse {
  @Id('The id that was asked for, where that account was merged into this one.', null, { nullable: true })
  mergedFrom: string | null;
}

export class AdminUserPageResponse extends PageOf(AdminUserResponse, 'Newest first.') {}

export class UserStatusResponse extends PickType(AdminUserResponse, ['userId', 'status']) {
  @Count('How many sessions ended.', 2)
  endedSessions: number;
}

export class ReasonRequest {
  @IsReason()
  reason: string;
}

export class EraseUserRequest extends ReasonRequest {
  @Flag('Whether to erase it at once, instead of after `ERASURE_DAYS`.', false, {
    input: 'optional',
    default: false,
  })
  now?: boolean;

  @Id('Ids of the things that are lost for good. A refusal names them in `forfeit`.', [], {
    input: 'optional',
    list: { max: 1_000, unique: true },
  })
  forfeit?: string[];
}

export class UserErasureResponse extends PickType(AdminUserResponse, ['userId', 'erasesAt']) {}
