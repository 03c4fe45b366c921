import { ApiProperty } from '@nestjs/swagger';
import { toLine, toPem, type AuditBlock, type BlockLine, type PublicAuditKey } from '@countersign/audit';
import { NextCursor } from '../lists/next-cursor';

const EXAMPLE_HASH = 'q1T5kG0c2s0vJ8m3Yw6uQeXbR7nZ4hL9dPfA1tCxUoE';
const EXAMPLE_KEY_ID = '5f2b7c0e9a1d48365f2b7c0e9a1d4836';
const EXAMPLE_INSTANT = '2026-11-02T09:30:00.000Z';

export class AuditBlockEndResponse {
  @ApiProperty({ format: 'date-time', description: 'When it happened.', example: EXAMPLE_INSTANT })
  occurredAt: string;

  @ApiProperty({
    format: 'uuid',
    description: 'The id of the record.',
    example: '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11',
  })
  id: string;
}

export class AuditKeyResponse {
  @ApiProperty({ description: 'Made of the key.', example: EXAMPLE_KEY_ID })
  keyId: string;

  @ApiProperty({
    description: 'Ed25519, as SPKI in PEM.',
    example: '-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA...\n-----END PUBLIC KEY-----\n',
  })
  publicKey: string;

  static of({ keyId, publicKey }: PublicAuditKey): AuditKeyResponse {
    return { keyId, publicKey: toPem(publicKey) };
  }
}

export class IntroducedAuditKeyResponse {
  @ApiProperty({ description: 'Made of the key.', example: EXAMPLE_KEY_ID })
  keyId: string;

  @ApiProperty({ description: 'Ed25519, 32 bytes in base64url.', example: EXAMPLE_HASH })
  publicKey: string;
}

export class AuditBlockResponse implements BlockLine {
  @ApiProperty({ type: 'integer', minimum: 1, description: 'From 1 on, without gaps.', example: 4711 })
  number: number;

  @ApiProperty({
    type: String,
    format: 'date',
    nullable: true,
    description: 'The UTC day of its records; null for a block that only introduces a key.',
    example: '2026-11-02',
  })
  day: string | null;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'How many records it seals.', example: 128 })
  count: number;

  @ApiProperty({ type: AuditBlockEndResponse, nullable: true, description: 'The first of its records.' })
  first: AuditBlockEndResponse | null;

  @ApiProperty({ type: AuditBlockEndResponse, nullable: true, description: 'The last of its records.' })
  last: AuditBlockEndResponse | null;

  @ApiProperty({
    description: 'The Merkle tree hash of its records (RFC 6962), in base64url.',
    example: EXAMPLE_HASH,
  })
  root: string;

  @ApiProperty({ description: 'The hash of the block before, in base64url.', example: EXAMPLE_HASH })
  previous: string;

  @ApiProperty({ format: 'date-time', description: 'When it was made.', example: EXAMPLE_INSTANT })
  sealedAt: string;

  @ApiProperty({ description: 'The key that signs it.', example: EXAMPLE_KEY_ID })
  keyId: string;

  @ApiProperty({
    type: IntroducedAuditKeyResponse,
    nullable: true,
    description: 'A key that it introduces: it signs from the next block on.',
  })
  newKey: IntroducedAuditKeyResponse | null;

  @ApiProperty({ description: 'Ed25519, in base64url.', example: `${EXAMPLE_HASH}${EXAMPLE_HASH}` })
  signature: string;

  @ApiProperty({
    description: 'Its hash, in base64url: kept elsewhere, it is the anchor of all before.',
    example: EXAMPLE_HASH,
  })
  hash: string;

  static of(block: AuditBlock): AuditBlockResponse {
    return toLine(block);
  }
}

export class AuditBlockPageResponse {
  @ApiProperty({ type: [AuditBlockResponse], description: 'Newest first.' })
  items: readonly AuditBlockResponse[];

  @NextCursor()
  nextCursor: string | null;
}
