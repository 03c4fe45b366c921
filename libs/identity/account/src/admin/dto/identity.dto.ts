import { environments, identityProviders } from '@countersign/applications';
import { Flag, Id, Instant, OneOf, Text, toResponse, PageOf } from '@countersign/http';
import { assurances, type Assurance, type ListedIdentity } from '@countersign/users';
import { USER_ID } from './user.dto';
import { SeparationResponse } from '../../separation/dto/separation.dto';

const acts = ['link', 'merge'] as const;

export class AdminIdentityResponse {
  @Id('Its id.')
  identityId: string;

  @Id('The account that has it.', USER_ID)
  userId: string;

  @OneOf(identityProviders, 'The platform.', 'telegram')
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

  @OneOf(acts, 'What attached it.', null, { nullable: true })
  attachedBy: (typeof acts)[number] | null;

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
