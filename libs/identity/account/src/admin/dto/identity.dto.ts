import { PickType } from '@nestjs/swagger';
import { environments, identityProvidersInUse } from '@countersign/applications';
import {
  Flag,
  Id,
  Instant,
  ListOf,
  Matching,
  ObjectOf,
  OneOf,
  PageOf,
  PageQuery,
  Text,
  toResponse,
} from '@countersign/http';
import { assurances, type Assurance, type ListedIdentity } from '@countersign/users';
import { revealedFieldsInUse } from '../../reveals/revealed-fields';
import { USER_ID } from '../../dto/examples';
import { ReasonRequest } from './user.dto';
import { joinKinds, SeparationResponse, type JoinKind } from '../../separation/dto/separation.dto';

export class IdentitiesQuery extends PageQuery {
  @Id('Only identities of this account.', '0199a3c6-7f2d-74c1-b1a5-6f9f0e3d2c10', { input: 'optional' })
  userId?: string;

  @OneOf(identityProvidersInUse.names, 'Only identities at this platform.', 'telegram', { input: 'optional' })
  provider?: string;

  @Instant(
    'Only identities that a link or merge attached to their account at this instant or later.',
    '2026-11-01T00:00:00Z',
    { input: 'optional' },
  )
  attachedSince?: string;

  @Matching(
    'Only identities that were attached with proofs of this bot: `provider/environment/botId`.',
    'telegram/production/7342037359',
    {
      input: 'optional',
      pattern: /^(telegram|openweb3)\/(production|test)\/[\w-]{1,64}$/,
      message: 'must be provider/environment/botId',
    },
  )
  bot?: string;
}

export class AdminIdentityResponse {
  @Id('Its id.')
  identityId: string;

  @Id('The account that has it.', USER_ID)
  userId: string;

  @OneOf(identityProvidersInUse.names, 'The platform.', 'telegram')
  provider: string;

  @OneOf(environments, 'The environment of the platform.', 'production')
  environment: string;

  @OneOf(
    assurances,
    'The most assurance that sessions of it get: the least that it was attached by.',
    'platform',
  )
  cap: Assurance;

  @Flag('Whether it founded the account.', true)
  isFounding: boolean;

  @Instant('When it was first seen.')
  createdAt: string;

  @Instant(
    'When a link or merge attached it to the account; null where none did, or it was not recorded.',
    null,
    { nullable: true },
  )
  attachedAt: string | null;

  @OneOf(joinKinds, 'What attached it.', null, { nullable: true })
  attachedBy: JoinKind | null;

  @Text('The bots whose proofs attached it, as `provider/environment/botId`.', [], { list: {} })
  attachedWith: readonly string[];

  static of(identity: ListedIdentity): AdminIdentityResponse {
    return toResponse(AdminIdentityResponse, identity);
  }
}

export class AdminIdentityPageResponse extends PageOf(AdminIdentityResponse, 'Newest first.') {}

export class IdentityDetachmentResponse extends SeparationResponse {
  @Id('The identity.')
  identityId: string;
}

export class RevealUserRequest extends ReasonRequest {
  @OneOf(
    revealedFieldsInUse.names,
    'What to read: fields of identities, as the platform gave them, and fields that the person set.',
    ['identity.username', 'identity.lastName'],
    { input: 'required', list: { min: 1, unique: true }, name: 'RevealedField' },
  )
  fields: string[];
}

const TEXTS = { type: 'string', nullable: true };

class RevealedIdentityResponse extends PickType(AdminIdentityResponse, [
  'identityId',
  'provider',
  'environment',
]) {
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
}
