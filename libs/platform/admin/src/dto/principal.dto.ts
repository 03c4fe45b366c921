import { PickType } from '@nestjs/swagger';
import {
  type FieldOptions,
  Id,
  Instant,
  ListOf,
  Name,
  Nested,
  OneOf,
  PageOf,
  Text,
  toResponse,
} from '@countersign/http';
import {
  principalStatuses,
  type PrincipalEntity,
  type PrincipalSecretEntity,
  type PrincipalStatus,
} from '../principals/principal.entity';
import type { NewPrincipalSecret } from '../principals/principal';
import { scopesInUse } from '../scopes';

const NAME = /^[\p{L}\p{N}](?:[\p{L}\p{N} ._@-]*[\p{L}\p{N}])?$/u;
const MAX_NAME_LENGTH = 100;
/** OpenID Connect Core 1.0, section 2: a subject is at most 255 characters. */
const MAX_SUBJECT_LENGTH = 500;
const PROVIDER_SUBJECT = /^https?:\/\/\S+ \S+$/;
const EXAMPLE_SCOPES = ['users:read', 'sessions:end'];

function NameField(options: FieldOptions): PropertyDecorator {
  return Name(
    'A name for operators, unique. It is in the audit trail: letters, digits, space, `.`, `_`, `@`, `-`.',
    'support-desk',
    {
      max: MAX_NAME_LENGTH,
      pattern: NAME,
      message: 'must have only these characters, and a letter or digit at both ends',
      ...options,
    },
  );
}

function ScopesField(options?: FieldOptions, description = 'What it may do.'): PropertyDecorator {
  return OneOf(scopesInUse.names, description, EXAMPLE_SCOPES, {
    list: { unique: true },
    name: 'Scope',
    ...options,
  });
}

export class CreatePrincipalRequest {
  @NameField({ input: 'required' })
  name: string;

  @ScopesField(
    { input: 'required' },
    'What the principal may do: at most what the caller may do. Each person who has a secret of the principal can do it.',
  )
  scopes: readonly string[];
}

export class ChangePrincipalRequest {
  @NameField({ input: 'optional' })
  name?: string;

  @OneOf(principalStatuses, 'The tokens of a disabled principal end.', 'disabled', { input: 'optional' })
  status?: PrincipalStatus;

  @ScopesField({ input: 'optional' })
  scopes?: readonly string[];

  @Text(
    'Issuer and subject of the person who signs in as it at the provider of the console. Its secrets and tokens end.',
    'https://id.example.com 0199a3c0-1b7c-7a4e-8a57-2d3c1c6f0b42',
    { input: 'optional', max: MAX_SUBJECT_LENGTH, pattern: PROVIDER_SUBJECT },
  )
  providerSubject?: string;
}

export class PrincipalResponse {
  @Id('Also the client id.', '0199a3c0-1b7c-7a4e-8a57-2d3c1c6f0b42')
  principalId: string;

  @Text('Its name.', 'support-desk')
  name: string;

  @OneOf(principalStatuses, 'A disabled one gets no tokens.', 'active')
  status: PrincipalStatus;

  @ScopesField()
  scopes: readonly string[];

  @Text(
    'Who made it: `principal:<principalId>`, or `operator:<name>` at the command line; null for one from before this was stored.',
    'operator:alice',
    { nullable: true },
  )
  createdBy: string | null;

  @Text('Issuer and subject of a person who signs in at the provider of the console.', null, {
    nullable: true,
  })
  providerSubject: string | null;

  @Instant('When it was created.')
  createdAt: string;

  @Instant('When it was last changed.')
  updatedAt: string;

  static of(principal: PrincipalEntity): PrincipalResponse {
    return toResponse(PrincipalResponse, { ...principal, principalId: principal.id });
  }
}

export class PrincipalPageResponse extends PageOf(PrincipalResponse, 'Newest first.') {}

const INSTANT = '2027-01-31T00:00:00.000Z';

export class AddPrincipalSecretRequest {
  @Name('What it is for.', 'crm server', { input: 'required', max: MAX_NAME_LENGTH })
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
