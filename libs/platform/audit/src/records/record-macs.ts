import { Injectable } from '@nestjs/common';
import { isMacOf, KeyRing, macOf } from '@countersign/crypto';
import { derivedMacKeys } from './derived-mac-keys';
import { encodeRecord, readable, type AuthenticatedRecord, type RecordContent } from './record-encoding';

const CONTEXT = 'countersign/audit-mac/v1';

/** `missing` for a record of a version without codes. */
type MacAnswer = 'right' | 'wrong' | 'missing' | 'unknown_key' | 'unreadable';

/**
 * Message authentication codes of records (HMAC-SHA256). Their keys are derived from the index keys of the ring: write access
 * to the database is not enough to make a code. A key that is retired still checks while the ring has it.
 */
@Injectable()
export class RecordMacs {
  private readonly keys = derivedMacKeys(CONTEXT);

  constructor(private readonly keyRing: KeyRing) {}

  /** Of a new record, under the active key. */
  make(content: RecordContent): { readonly macKeyId: string; readonly mac: Buffer } {
    const key = this.keys(this.keyRing.lastActive('index'));
    return { macKeyId: key.id, mac: macOf(key, encodeRecord(content)) };
  }

  check(record: AuthenticatedRecord): MacAnswer {
    const { macKeyId, mac } = record;
    const content = readable(() => encodeRecord(record));
    if (!content) return 'unreadable';
    if (macKeyId === null || mac === null) return macKeyId === null && mac === null ? 'missing' : 'wrong';
    const ringKey = this.keyRing.known('index').find(({ id }) => id === macKeyId);
    if (!ringKey) return 'unknown_key';
    return isMacOf(this.keys(ringKey), content, mac) ? 'right' : 'wrong';
  }
}
