import {
  type FieldOptions,
  Id,
  Instant,
  OneOf,
  PageQuery,
  Text,
  toResponse,
  PageOf,
} from '@countersign/http';
import {
  principalStatuses,
  type PrincipalEntity,
  type PrincipalStatus,
} from '../principals/principal.entity';
import { allScopes, type Scope } from '../scopes';

const NAME = /^[\p{L}\p{N}](?:[\p{L}\p{N} ._@-]*[\p{L}\p{N}])?$/u;
const MAX_NAME_LENGTH = 100;
/** OpenID Connect Core 1.0, section 2: a subject is at most 255 characters. */
const MAX_SUBJECT_LENGTH = 500;
const PROVIDER_SUBJECT = /^https?:\/\/\S+ \S+$/;
const EXAMPLE_SCOPES = ['users:read', 'sessions:end'];

function NameField(options?: FieldOptions): PropertyDecorator {
  return Text(
    'A name for operators, unique. It is in the audit trail: letters, digits, space, `.`, `_`, `@`, `-`.',
    'support-desk',
    { max: MAX_NAME_LENGTH, pattern: NAME, ...options },
  );
}

function ScopesField(options?: FieldOptions): PropertyDecorator {
  return OneOf(allScopes, 'What it may do.', EXAMPLE_SCOPES, {
    list: { unique: true },
    name: 'Scope',
    ...options,
  });
}

export class PrincipalsQuery extends PageQuery {}

export class CreatePrincipalRequest {
  @NameField({ input: 'required' })
  name: string;

  @OneOf(allScopes, 'What it may do: at most what the caller may.', EXAMPLE_SCOPES, {
    input: 'required',
    list: { unique: true },
    name: 'Scope',
  })
  scopes: readonly Scope[];
}

export class ChangePrincipalRequest {
  @NameField({ input: 'optional' })
  name?: string;

  @OneOf(principalStatuses, 'The tokens of a disabled principal end.', 'disabled', { input: 'optional' })
  status?: PrincipalStatus;

  @ScopesField({ input: 'optional' })
  scopes?: readonly Scope[];

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
  scopes: readonly Scope[];

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
