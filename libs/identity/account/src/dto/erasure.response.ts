import { OmitType } from '@nestjs/swagger';
import { Id, Instant, Nested, ObjectOf, Matching } from '@countersign/http';
import { USER_ID, APPLICATION_ID } from './examples';

export class ErasureResponse {
  @Instant('When the account will be erased.', '2026-11-27T08:00:00.000Z')
  erasesAt: string;
}

export class PendingErasureResponse extends ErasureResponse {
  @Instant('When it was requested.', '2026-11-20T08:00:00.000Z')
  requestedAt: string;

  @Id('The application that it was requested in; null for an operator.', APPLICATION_ID, { nullable: true })
  applicationId: string | null;
}

/** `erasesAt` is the time of the erasure if it was requested now. */
export class ErasurePreviewResponse extends ErasureResponse {
  @ObjectOf(
    { type: 'integer' },
    'The number of things that would be lost, by kind. Each feature has kinds of its own.',
    { identities: 1, sessions: 2 },
  )
  lost: Record<string, number>;

  @Id('What DELETE /v1/me asks for in `confirm`.', USER_ID)
  confirm: string;

  @Id(
    'The ids that a request for erasure names in `forfeit`, since these things would be lost for good.',
    [],
    { list: {} },
  )
  forfeit: readonly string[];

  @Nested(PendingErasureResponse, 'What is requested already.', { nullable: true })
  pending: PendingErasureResponse | null;
}

export class AdminErasurePreviewResponse extends OmitType(ErasurePreviewResponse, ['confirm', 'pending']) {}

export class ErasureQuery {
  @Id('The id of the account, as a confirmation.', USER_ID, { input: 'optional' })
  confirm?: string;

  @Matching(
    'What is lost for good, as GET /v1/me/erasure names it: ids joined by commas.',
    '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11',
    {
      input: 'optional',
      pattern: /^[\dA-Fa-f-]{36}(?:,[\dA-Fa-f-]{36}){0,99}$/,
      message: 'must be at most 100 ids, joined by commas',
    },
  )
  forfeit?: string;
}
