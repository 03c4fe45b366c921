import { AdminPageOf } from '../lists/admin-page-of';
import { toLine, toPem, type AuditBlock, type BlockLine, type PublicAuditKey } from '@countersign/audit';
import { Count, Id, Instant, Integer, Nested, Text } from '@countersign/http';

const EXAMPLE_HASH = 'q1T5kG0c2s0vJ8m3Yw6uQeXbR7nZ4hL9dPfA1tCxUoE';
const EXAMPLE_KEY_ID = '5f2b7c0e9a1d48365f2b7c0e9a1d4836';

export class AuditBlockEndResponse {
  @Instant('When it happened.')
  occurredAt: string;

  @Id('The id of the record.')
  id: string;
}

export class AuditKeyResponse {
  @Text('Made of the key.', EXAMPLE_KEY_ID)
  keyId: string;

  @Text(
    'Ed25519, as SPKI in PEM.',
    '-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA...\n-----END PUBLIC KEY-----\n',
  )
  publicKey: string;

  static of({ keyId, publicKey }: PublicAuditKey): AuditKeyResponse {
    return { keyId, publicKey: toPem(publicKey) };
  }
}

export class IntroducedAuditKeyResponse {
  @Text('Made of the key.', EXAMPLE_KEY_ID)
  keyId: string;

  @Text('Ed25519, 32 bytes in base64url.', EXAMPLE_HASH)
  publicKey: string;
}

export class AuditBlockResponse implements BlockLine {
  @Integer('From 1 on, without gaps.', 4711, { min: 1 })
  number: number;

  @Text('The UTC day of its records; null for a block that only introduces a key.', '2026-11-02', {
    nullable: true,
    schema: { format: 'date' },
  })
  day: string | null;

  @Count('How many records it seals.', 128)
  count: number;

  @Nested(AuditBlockEndResponse, 'The first of its records.', { nullable: true })
  first: AuditBlockEndResponse | null;

  @Nested(AuditBlockEndResponse, 'The last of its records.', { nullable: true })
  last: AuditBlockEndResponse | null;

  @Text('The Merkle tree hash of its records (RFC 6962), in base64url.', EXAMPLE_HASH)
  root: string;

  @Text('The hash of the block before, in base64url.', EXAMPLE_HASH)
  previous: string;

  @Instant('When it was made.')
  sealedAt: string;

  @Text('The key that signs it.', EXAMPLE_KEY_ID)
  keyId: string;

  @Nested(IntroducedAuditKeyResponse, 'A key that it introduces: it signs from the next block on.', {
    nullable: true,
  })
  newKey: IntroducedAuditKeyResponse | null;

  @Text('Ed25519, in base64url.', `${EXAMPLE_HASH}${EXAMPLE_HASH}`)
  signature: string;

  @Text('Its hash, in base64url: kept elsewhere, it is the anchor of all before.', EXAMPLE_HASH)
  hash: string;

  static of(block: AuditBlock): AuditBlockResponse {
    return toLine(block);
  }
}

export class AuditBlockPageResponse extends AdminPageOf(AuditBlockResponse, 'Newest first.') {}
