import { PickType } from '@nestjs/swagger';
import { Id, ListOf, ObjectOf, OneOf } from '@countersign/http';
import { revealedFields, type RevealedField } from '../../reveals/revealed-fields';
import { AdminIdentityResponse } from './identity.dto';
import { ReasonRequest, USER_ID } from './user.dto';

export class RevealUserRequest extends ReasonRequest {
  @OneOf(
    revealedFields,
    'What to read: fields of identities, as the platform gave them, and fields that the person set.',
    ['identity.username', 'identity.lastName'],
    { input: 'required', list: { min: 1, unique: true }, name: 'RevealedField' },
  )
  fields: RevealedField[];
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
