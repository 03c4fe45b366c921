import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

export class TokenRequest {
  @ApiProperty({
    description: 'An access or a refresh token.',
    example: 'cs_at_k1_AZmjxn8ue9GdDD9fDy9qEWJhc2U2NHVybA',
  })
  token: string;

  @ApiPropertyOptional({
    description: 'Ignored: the kind is part of the token.',
    example: 'access_token',
  })
  token_type_hint?: string;

  @ApiPropertyOptional({
    format: 'uuid',
    description: 'The application, where a client without a secret names it.',
    example: '0199a3c0-1b7c-7a4e-8a57-2d3c1c6f0b42',
  })
  client_id?: string;
}
