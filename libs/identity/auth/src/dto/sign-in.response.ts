import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { assurances, type Assurance } from '@countersign/sessions';

export class SignInResponse {
  @ApiProperty({
    enum: ['Bearer', 'DPoP'],
    description: '`DPoP` when the session is bound to the key of the `DPoP` header (RFC 9449).',
    example: 'Bearer',
  })
  tokenType: 'Bearer' | 'DPoP';

  @ApiProperty({ description: 'Opaque. Send it in `Authorization` after its type.', example: 'cs_at_...' })
  accessToken: string;

  @ApiProperty({
    type: 'integer',
    description: 'Seconds until the access token ends unless it is used.',
    example: 1800,
  })
  expiresIn: number;

  @ApiProperty({ description: 'Opaque. Good for one refresh.', example: 'cs_rt_...' })
  refreshToken: string;

  @ApiProperty({
    type: 'integer',
    description: 'Seconds until the session ends unless it is refreshed.',
    example: 2_592_000,
  })
  refreshExpiresIn: number;

  @ApiProperty({
    description: 'The id of the session.',
    format: 'uuid',
    example: '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11',
  })
  sessionId: string;

  @ApiProperty({
    description: 'The id of the account.',
    format: 'uuid',
    example: '0199a3c6-7f2d-74c1-b1a5-6f9f0e3d2c10',
  })
  userId: string;

  @ApiProperty({ description: 'Whether this sign-in created the account.', example: false })
  isNewUser: boolean;

  @ApiProperty({ enum: assurances, description: 'How hard the proof is to forge.', example: 'platform' })
  assurance: Assurance;

  @ApiProperty({
    type: String,
    nullable: true,
    description:
      'The start parameter of the launch, or of the start of Log In With Telegram. Chosen by the author of the link, ' +
      'so it proves nothing.',
    example: null,
  })
  startParam: string | null;

  @ApiPropertyOptional({
    description: 'Present where this sign-in cancelled the erasure of the account.',
    example: true,
  })
  erasureCancelled?: true;

  @ApiPropertyOptional({
    description:
      'A JWT for services behind a gateway that can only verify a JWKS; where the application asks for it (`identityToken.inAnswers`), and a key can be had.',
    example: 'eyJhbGciOiJFUzI1NiIsInR5cCI6ImNvdW50ZXJzaWduLWlkZW50aXR5K2p3dCIsImtpZCI6Ii4uLiJ9...',
  })
  identityToken?: string;
}
