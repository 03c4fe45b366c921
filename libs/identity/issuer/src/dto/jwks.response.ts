import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

/** The public half of a key, RFC 7517. */
export class JwkResponse {
  @ApiProperty({
    description: 'The id of the key, as in the header of an identity token.',
    example: '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11',
  })
  kid: string;

  @ApiProperty({ description: 'The signature algorithm.', enum: ['ES256', 'EdDSA'], example: 'ES256' })
  alg: string;

  @ApiProperty({ description: 'What the key is for: signatures.', enum: ['sig'], example: 'sig' })
  use: 'sig';

  @ApiProperty({ description: 'The kind of key.', enum: ['EC', 'OKP'], example: 'EC' })
  kty: string;

  @ApiProperty({ description: 'The curve.', enum: ['P-256', 'Ed25519'], example: 'P-256' })
  crv: string;

  @ApiProperty({
    description: 'The x coordinate, or the public key itself for `OKP`, in base64url.',
    example: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
  })
  x: string;

  @ApiPropertyOptional({
    description: 'Of a key of the kind `EC`.',
    example: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
  })
  y?: string;
}

export class JwksResponse {
  @ApiProperty({
    description: 'The keys that sign identity tokens now, and those that signed tokens that are still valid.',
    type: [JwkResponse],
  })
  keys: readonly JwkResponse[];
}
