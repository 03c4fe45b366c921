import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsString, Matches, MaxLength } from 'class-validator';
import { IsInstant, MayBeAbsent } from '@countersign/http';
import type { PrincipalSecretEntity } from '../principals/principal-secret.entity';
import type { NewPrincipalSecret } from '../principals/principal';
import type { IssuedSecret } from '../principals/principals.service';
import { PrincipalResponse } from './principal.dto';

const MAX_NAME_LENGTH = 100;
const NAME = /^\S(?:[^\p{Cc}]*\S)?$/u;
const INSTANT = '2027-01-31T00:00:00.000Z';

export class AddPrincipalSecretRequest {
  @ApiProperty({ description: 'What it is for.', example: 'crm server' })
  @IsString()
  @MaxLength(MAX_NAME_LENGTH)
  @Matches(NAME)
  name: string;

  @ApiPropertyOptional({
    format: 'date-time',
    description: 'When it expires; without it never.',
    example: INSTANT,
  })
  @MayBeAbsent()
  @IsInstant()
  expiresAt?: string;

  @ApiPropertyOptional({ description: 'Whether its first use removes it.', default: false, example: false })
  @MayBeAbsent()
  @IsBoolean()
  isOneTime?: boolean;

  toNewSecret(): NewPrincipalSecret {
    const { name, expiresAt, isOneTime = false } = this;
    return { name, isOneTime, expiresAt: expiresAt === undefined ? null : new Date(expiresAt) };
  }
}

export class IssuedSecretResponse {
  @ApiProperty({ format: 'uuid', description: 'Its id.', example: '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11' })
  secretId: string;

  @ApiProperty({
    description: 'The secret itself: it is not shown again.',
    example: 'cs_ps_0J6mW2sY6mQeVYxgkC0c2g',
  })
  clientSecret: string;

  @ApiProperty({ description: 'Whether its first use removes it.', example: false })
  isOneTime: boolean;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When it expires.',
    example: null,
  })
  expiresAt: string | null;

  static of({ expiresAt, ...secret }: IssuedSecret): IssuedSecretResponse {
    return { ...secret, expiresAt: expiresAt?.toISOString() ?? null };
  }
}

export class CreatedPrincipalResponse {
  @ApiProperty({ type: PrincipalResponse, description: 'The principal.' })
  principal: PrincipalResponse;

  @ApiProperty({
    type: IssuedSecretResponse,
    nullable: true,
    description: 'Its first secret; null for a principal with keys.',
  })
  secret: IssuedSecretResponse | null;
}

export class PrincipalSecretResponse {
  @ApiProperty({ format: 'uuid', description: 'Its id.', example: '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11' })
  secretId: string;

  @ApiProperty({ description: 'What it is for.', example: 'crm server' })
  name: string;

  @ApiProperty({ description: 'Whether its first use removes it.', example: false })
  isOneTime: boolean;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Who added it, as `createdBy` of a principal; null for one from before this was stored.',
    example: 'principal:0199a3c0-1b7c-7a4e-8a57-2d3c1c6f0b42',
  })
  issuedBy: string | null;

  @ApiProperty({
    format: 'date-time',
    description: 'When it was added.',
    example: '2026-11-02T09:30:00.000Z',
  })
  createdAt: string;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When it expires.',
    example: INSTANT,
  })
  expiresAt: string | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When it was last used for a token.',
    example: '2026-11-20T08:00:00.000Z',
  })
  lastUsedAt: string | null;

  static of(secret: PrincipalSecretEntity): PrincipalSecretResponse {
    const { id, name, isOneTime, issuedBy, createdAt, expiresAt, lastUsedAt } = secret;
    return {
      secretId: id,
      name,
      isOneTime,
      issuedBy,
      createdAt: createdAt.toISOString(),
      expiresAt: expiresAt?.toISOString() ?? null,
      lastUsedAt: lastUsedAt?.toISOString() ?? null,
    };
  }
}

export class PrincipalSecretsResponse {
  @ApiProperty({ type: [PrincipalSecretResponse], description: 'Oldest first.' })
  items: readonly PrincipalSecretResponse[];
}
