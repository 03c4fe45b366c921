import { AdminPageOf } from '../lists/admin-page-of';
import { toLine, type AuditBlock, type BlockLine } from '@countersign/audit';
import { Count, Instant, Integer, Text } from '@countersign/http';

const EXAMPLE_HASH = 'q1T5kG0c2s0vJ8m3Yw6uQeXbR7nZ4hL9dPfA1tCxUoE';
const EXAMPLE_KEY_ID = 'k9f2c1';

export class AuditKeyResponse {
  @Text('The key of the ring that it is derived from.', EXAMPLE_KEY_ID)
  keyId: string;

  @Text(
    'Ed25519, as SPKI in PEM.',
    '-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA...\n-----END PUBLIC KEY-----\n',
  )
  publicKey: string;
}

export class AuditBlockResponse implements BlockLine {
  @Integer('From 1 on, without gaps.', 4711, { min: 1 })
  number: number;

  @Instant('`before` of the block in front.')
  since: string;

  @Text('`horizon` of the block in front.', '81234')
  sinceHorizon: string;

  @Instant('Its records are older.')
  before: string;

  @Text('The transactions of its records are below this id.', '81301')
  horizon: string;

  @Count('How many records it signs.', 128)
  count: number;

  @Count('How many of them are older than `since`: their commits appeared late.', 0)
  late: number;

  @Instant('Its oldest record.')
  firstAt: string;

  @Text('The hash of its records, in base64url.', EXAMPLE_HASH)
  records: string;

  @Text('The hash of the block in front, in base64url.', EXAMPLE_HASH)
  previous: string;

  @Instant('When it was made.')
  signedAt: string;

  @Text('The key that signs it.', EXAMPLE_KEY_ID)
  keyId: string;

  @Text('Ed25519, in base64url.', `${EXAMPLE_HASH}${EXAMPLE_HASH}`)
  signature: string;

  @Text('Its hash, in base64url: kept elsewhere, it is the anchor of all in front of it.', EXAMPLE_HASH)
  hash: string;

  static of(block: AuditBlock): AuditBlockResponse {
    return toLine(block);
  }
}

export class AuditBlockPageResponse extends AdminPageOf(AuditBlockResponse, 'Newest first.') {}
