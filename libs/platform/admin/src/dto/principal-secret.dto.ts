import { PickType } from '@nestjs/swagger';
import { Id, Instant, ListOf, Nested, Text, toResponse } from '@countersign/http';
import type { PrincipalSecretEntity } from '../principals/principal-secret.entity';
import type { NewPrincipalSecret } from '../principals/principal-secrets';
import { PrincipalResponse } from './principal.dto';

const MAX_NAME_LENGTH = 100;
const NAME = /^\S(?:[^\p{Cc}]*\S)?$/u;
const INSTANT = '2027-01-31T00:00:00.000Z';

export class AddPrincipalSecretRequest {
  @Text('What it is for.', 'crm server', { input: 'required', max: MAX_NAME_LENGTH, pattern: NAME })
  name: string;

  @Instant('When it expires: within a year. Without it after 90 days.', INSTANT, { input: 'optional' })
  expiresAt?: string;

  toNewSecret(): NewPrincipalSecret {
    const { name, expiresAt } = this;
    return { name, ...(expiresAt === undefined ? {} : { expiresAt: new Date(expiresAt) }) };
  }
}

export class IssuedSecretResponse {
  @Id('Its id.')
  secretId: string;

  @Text('The secret itself: it is not shown again.', 'cs_ps_0J6mW2sY6mQeVYxgkC0c2g')
  clientSecret: string;

  @Instant('When it expires.', INSTANT)
  expiresAt: string;
}

export class CreatedPrincipalResponse {
  @Nested(PrincipalResponse, 'The principal.')
  principal: PrincipalResponse;

  @Nested(IssuedSecretResponse, 'Its first secret.')
  secret: IssuedSecretResponse;
}

export class PrincipalSecretResponse extends PickType(IssuedSecretResponse, ['secretId', 'expiresAt']) {
  @Text('What it is for.', 'crm server')
  name: string;

  @Text(
    'Who added it, as `createdBy` of a principal; null for one from before this was stored.',
    'principal:0199a3c0-1b7c-7a4e-8a57-2d3c1c6f0b42',
    { nullable: true },
  )
  issuedBy: string | null;

  @Instant('When it was added.')
  createdAt: string;

  @Instant('When it was last used for a token.', '2026-11-20T08:00:00.000Z', { nullable: true })
  lastUsedAt: string | null;

  static of(secret: PrincipalSecretEntity): PrincipalSecretResponse {
    return toResponse(PrincipalSecretResponse, { ...secret, secretId: secret.id });
  }
}

export class PrincipalSecretsResponse {
  @ListOf(PrincipalSecretResponse, 'Oldest first.')
  items: readonly PrincipalSecretResponse[];
}
