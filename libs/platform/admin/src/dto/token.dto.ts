import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

/** RFC 6749 section 4.4.2, and RFC 7523 section 2.2 for client assertions. */
export class PrincipalTokenRequest {
  @ApiProperty({
    enum: ['client_credentials'],
    description: 'The only grant type.',
    example: 'client_credentials',
  })
  grant_type: string;

  @ApiPropertyOptional({
    description: 'Scopes, separated by spaces; without it all that the principal has.',
    example: 'users:read sessions:end',
  })
  scope?: string;

  @ApiPropertyOptional({
    format: 'uuid',
    description: '`principalId`, where it is not in `Authorization: Basic`.',
    example: '0199a3c0-1b7c-7a4e-8a57-2d3c1c6f0b42',
  })
  client_id?: string;

  @ApiPropertyOptional({
    description: 'A secret, where it is not in `Authorization: Basic`.',
    example: 'cs_ps_0J6mW2sY6mQeVYxgkC0c2g',
  })
  client_secret?: string;

  @ApiPropertyOptional({
    enum: ['urn:ietf:params:oauth:client-assertion-type:jwt-bearer'],
    description: 'Goes with `client_assertion`.',
    example: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
  })
  client_assertion_type?: string;

  @ApiPropertyOptional({
    description:
      'A JWT that one of the principal’s keys signed: `iss` and `sub` its id, `aud` the issuer of this service, `jti` ' +
      'for one use, `exp` at most five minutes away.',
    example: 'eyJhbGciOiJFZERTQSJ9.eyJpc3MiOiIwMTk5In0.c2lnbmF0dXJl',
  })
  client_assertion?: string;
}

/** RFC 6749 section 5.1. */
export class PrincipalTokenResponse {
  @ApiProperty({
    description: 'For `Authorization: Bearer`.',
    example: 'cs_pt_k1_AZmjxn8ue9GdDD9fDy9qEWJhc2U2NHVybA',
  })
  access_token: string;

  @ApiProperty({ enum: ['Bearer'], description: 'Always `Bearer`.', example: 'Bearer' })
  token_type: 'Bearer';

  @ApiProperty({ type: 'integer', description: 'Seconds until it expires.', example: 1800 })
  expires_in: number;

  @ApiProperty({ description: 'Its scopes, separated by spaces.', example: 'users:read sessions:end' })
  scope: string;
}
