import { LRUCache } from 'lru-cache';
import { keccak } from '../recomputing/keccak';

const BYTES = 256;

/** Bits of addresses and topics: half of those of a block occurred in the blocks before. About 4 MB. */
const bits = new LRUCache<string, readonly [number, number, number]>({ max: 20_000 });

/** The bloom of logs: three bits of 2048 for each address and topic (Ethereum's yellow paper, section 4.3.1). */
export class LogsBloom {
  private readonly bytes = new Uint8Array(BYTES);

  /** @param value an address or a topic, in lower case */
  add(value: string): void {
    for (const bit of bitsOf(value)) {
      const at = BYTES - 1 - (bit >> 3);
      this.bytes[at] = (this.bytes[at] ?? 0) | (1 << (bit & 7));
    }
  }

  /** How it stands to the bloom of a block: which of them has bits that the other has not. */
  compare(bloom: string): { hasMore: boolean; hasLess: boolean } {
    const others = Buffer.from(bloom.slice(2), 'hex');
    let hasMore = false;
    let hasLess = false;
    for (const [at, own] of this.bytes.entries()) {
      const other = others[at] ?? 0;
      if ((own & ~other) !== 0) hasMore = true;
      if ((other & ~own) !== 0) hasLess = true;
    }
    return { hasMore, hasLess };
  }
}

function bitsOf(value: string): readonly [number, number, number] {
  const known = bits.get(value);
  if (known) return known;
  const hash = keccak(Buffer.from(value.slice(2), 'hex'));
  const found = [hash.getUint16(0) & 2047, hash.getUint16(2) & 2047, hash.getUint16(4) & 2047] as const;
  bits.set(value, found);
  return found;
}
