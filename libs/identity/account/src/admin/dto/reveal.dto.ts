import { environments, identityProviders } from '@countersign/applications';
import { AdminPageOf } from '@countersign/admin';
import { Id, Instant, ListOf, ObjectOf, OneOf, Text } from '@countersign/http';
import {
  revealRequestStatuses,
  type RevealRequestEntity,
  type RevealRequestStatus,
} from '../../reveals/reveal-request.entity';
import {
  approvedActs,
  revealedFields,
  type ApprovedAct,
  type RevealedField,
  type WantedReveal,
} from '../../reveals/revealed-fields';
import type { Reveal } from '../../reveals/user-reveals.service';
import { IDENTITY_ID } from './identity.dto';
import { ReasonRequest, USER_ID } from './user.dto';

export class RevealUserRequest extends ReasonRequest {
  @Id('Restricts fields of identities to this one.', IDENTITY_ID, { input: 'optional' })
  identityId?: string;

  @OneOf(
    revealedFields,
    'What to read: fields of identities, as the platform gave them, and fields that the person set.',
    ['identity.username', 'profile.displayName'],
    { input: 'required', list: { min: 1, unique: true }, name: 'RevealedField' },
  )
  fields: RevealedField[];

  toWanted(): WantedReveal {
    const { identityId, fields, reason } = this;
    return { identityId: identityId?.toLowerCase() ?? null, fields, reason };
  }
}

const TEXTS = { type: 'string', nullable: true };

export class RevealedIdentityResponse {
  @Id('The identity.', IDENTITY_ID)
  identityId: string;

  @OneOf(identityProviders, 'The platform.', 'telegram')
  provider: string;

  @OneOf(environments, 'The environment of the platform.', 'production')
  environment: string;

  @ObjectOf(TEXTS, 'The wanted fields by name, without `identity.`; null for one that it does not have.', {
    username: 'ada',
  })
  fields: Readonly<Record<string, string | null>>;
}

export class RevealResponse {
  @Id('The account.', USER_ID)
  userId: string;

  @ListOf(RevealedIdentityResponse, 'Oldest first; empty where no field of identities is wanted.')
  identities: readonly RevealedIdentityResponse[];

  @ObjectOf(
    TEXTS,
    'The wanted fields by name, without `profile.`; null for one that is not set. `links` is JSON, as text.',
    { displayName: 'Ada' },
  )
  profile: Readonly<Record<string, string | null>>;

  static of({ userId, identities, profile }: Reveal): RevealResponse {
    return { userId, identities, profile };
  }
}

export class RevealRequestResponse {
  @Id('The request.', '0199a3c6-7f31-7c11-a0b3-5b0a1d2e3f40')
  revealRequestId: string;

  @Text(
    'Who made it: `principal:<principalId>`, or `operator:<name>` at the command line.',
    'principal:0199a3c0-2c41-7d5e-9b68-4f1c2b3a4d5e',
  )
  actor: string;

  @OneOf(
    approvedActs,
    'Whether the operator wants to read fields, or everything with `exportUser`.',
    'reveal',
    { name: 'ApprovedAct' },
  )
  act: ApprovedAct;

  @Id('The account.', USER_ID)
  userId: string;

  @Id('The identity whose fields are wanted; null for all of the account.', null, { nullable: true })
  identityId: string | null;

  @OneOf(revealedFields, 'What the operator wants to read; empty for an export.', ['identity.username'], {
    list: {},
    name: 'RevealedField',
  })
  fields: readonly RevealedField[];

  @Text('Why: a word or the number of a request.', 'ticket-4711')
  reason: string;

  @OneOf(revealRequestStatuses, 'Its state.', 'pending')
  status: RevealRequestStatus;

  @Instant('When it was made.')
  requestedAt: string;

  @Instant('Until then it can be approved, and used after that.', '2026-11-02T10:00:00.000Z')
  expiresAt: string;

  static of(request: RevealRequestEntity): RevealRequestResponse {
    const { id, actor, act, userId, identityId, fields, reason, status, requestedAt, expiresAt } = request;
    return {
      revealRequestId: id,
      actor,
      act,
      userId,
      identityId,
      fields,
      reason,
      status,
      requestedAt: requestedAt.toISOString(),
      expiresAt: expiresAt.toISOString(),
    };
  }
}

export class RevealRequestPageResponse extends AdminPageOf(RevealRequestResponse, 'Newest first.') {}
