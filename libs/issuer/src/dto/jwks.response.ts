import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

/** The public half of a key, RFC 7517. */
export class JwkResponse {
  @ApiProperty({ example: '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11' })
  kid: string;

  @ApiProperty({ enum: ['ES256', 'EdDSA'], example: 'ES256' })
  alg: string;

  @ApiProperty({ enum: ['sig'], example: 'sig' })
  use: 'sig';

  @ApiProperty({ enum: ['EC', 'OKP'], example: 'EC' })
  kty: string;

  @ApiProperty({ enum: ['P-256', 'Ed25519'], example: 'P-256' })
  crv: string;

  @ApiProperty({ example: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU' })
  x: string;

  @ApiPropertyOptional({
    description: 'Of a key of the kind `EC`.',
    example: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
  })
  y?: string;
}

export class JwksResponse {
  @ApiProperty({ type: [JwkResponse] })
  keys: readonly JwkResponse[];
}
