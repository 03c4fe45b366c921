import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsObject } from 'class-validator';
import { AdminPageOf } from '../lists/admin-page-of';
import { type FieldOptions, Id, Instant, MayBeAbsent, OneOf, PageQuery, Text } from '@countersign/http';
import {
  principalKinds,
  principalStatuses,
  type PrincipalEntity,
  type PrincipalKind,
  type PrincipalStatus,
  type PublicKeyJwk,
} from '../principals/principal.entity';
import { MAX_KEYS } from '../principals/public-keys';
import { allScopes, type Scope } from '../scopes';

const NAME = /^[\p{L}\p{N}](?:[\p{L}\p{N} ._@-]*[\p{L}\p{N}])?$/u;
const MAX_NAME_LENGTH = 100;
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

const keysField = {
  description:
    'Public keys (RFC 7517) that its client assertions are signed with, each with `kid` and `alg`.',
  type: 'array' as const,
  items: { type: 'object', additionalProperties: true },
  example: [
    {
      kty: 'OKP',
      crv: 'Ed25519',
      alg: 'EdDSA',
      kid: '2026-11',
      x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
    },
  ],
};

export class PrincipalsQuery extends PageQuery {}

export class CreatePrincipalRequest {
  @NameField({ input: 'required' })
  name: string;

  @OneOf(
    principalKinds,
    'A person gets a first secret for one use within an hour; the first secret of a machine lasts.',
    'machine',
    { input: 'required' },
  )
  kind: PrincipalKind;

  @OneOf(allScopes, 'What it may do: at most what the caller may.', EXAMPLE_SCOPES, {
    input: 'required',
    list: { unique: true },
    name: 'Scope',
  })
  scopes: Scope[];

  @ApiPropertyOptional(keysField)
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(MAX_KEYS)
  @IsObject({ each: true })
  keys?: PublicKeyJwk[];
}

export class ChangePrincipalRequest {
  @NameField({ input: 'optional' })
  name?: string;

  @OneOf(principalStatuses, 'The tokens of a disabled principal end.', 'disabled', { input: 'optional' })
  status?: PrincipalStatus;

  @ScopesField({ input: 'optional' })
  scopes?: Scope[];

  @ApiPropertyOptional(keysField)
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(MAX_KEYS)
  @IsObject({ each: true })
  keys?: PublicKeyJwk[];
}

export class PrincipalResponse {
  @Id('Also the client id.', '0199a3c0-1b7c-7a4e-8a57-2d3c1c6f0b42')
  principalId: string;

  @Text('Its name.', 'support-desk')
  name: string;

  @OneOf(principalKinds, 'Whether it is a person.', 'machine')
  kind: PrincipalKind;

  @OneOf(principalStatuses, 'A disabled one gets no tokens.', 'active')
  status: PrincipalStatus;

  @ScopesField()
  scopes: readonly Scope[];

  @ApiProperty(keysField)
  keys: readonly PublicKeyJwk[];

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
    const { id, name, kind, status, scopes, keys, createdBy, providerSubject, createdAt, updatedAt } =
      principal;
    return {
      principalId: id,
      name,
      kind,
      status,
      scopes,
      keys,
      createdBy,
      providerSubject,
      createdAt: createdAt.toISOString(),
      updatedAt: updatedAt.toISOString(),
    };
  }
}

export class PrincipalPageResponse extends AdminPageOf(PrincipalResponse, 'Newest first.') {}
