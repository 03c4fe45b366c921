import {
  fromLine,
  hashOf,
  isReadable,
  isSignedBy,
  keyIdOf,
  NO_BLOCK,
  type AuditBlock,
  type PublicAuditKey,
} from '../seals/audit-block';
import type { Findings } from './audit-problem';

/** The hashes of announced blocks, by number: more than one where a trail was cut and grew again. */
export type Anchors = ReadonlyMap<number, readonly Buffer[]>;

/** @returns the blocks of lines of standard output, of bodies of `audit.sealed`, or of lines with a block each; other lines are skipped */
export function readAnchors(text: string): Anchors {
  const anchors = new Map<number, readonly Buffer[]>();
  for (const line of text.split('\n')) {
    const block = blockIn(line);
    if (block) anchors.set(block.number, [...(anchors.get(block.number) ?? []), hashOf(block)]);
  }
  return anchors;
}

function blockIn(line: string): AuditBlock | null {
  try {
    const parsed = JSON.parse(line) as Readonly<Record<string, unknown>> | null;
    const { block: text } = (parsed?.['data'] ?? {}) as { readonly block?: unknown };
    if (typeof text === 'string') return fromLine(JSON.parse(text));
    return fromLine(parsed?.['auditBlock'] ?? parsed?.['block'] ?? parsed);
  } catch {
    return null;
  }
}

/**
 * Checks numbers, hashes, signatures and keys of blocks, one after the other. A key is trusted that was given, or that a
 * trusted block introduces. A trusted block vouches for all blocks before it, since it has the hash of their chain.
 */
export class ChainCheck {
  private number = 0;
  private previous: Buffer = NO_BLOCK;
  private sealedAt = Number.NEGATIVE_INFINITY;
  private firstSealedAt: Date | null = null;
  private readonly keys = new Map<string, Buffer>();
  private readonly trusted = new Set<string>();
  /** Since the last trusted block: the first block, and the first whose key no block before it has introduced. */
  private unvouched: AuditBlock | null = null;
  private intruder: AuditBlock | null = null;
  private readonly anchored = new Set<number>();

  constructor(
    trusted: readonly PublicAuditKey[],
    private readonly anchors: Anchors,
    private readonly findings: Findings,
  ) {
    for (const key of trusted) {
      this.keys.set(key.keyId, key.publicKey);
      this.trusted.add(key.keyId);
    }
  }

  /** When the first block was sealed. */
  get beganAt(): Date | null {
    return this.firstSealedAt;
  }

  add(block: AuditBlock): void {
    const position = { block: block.number, day: block.day };
    this.findings.blocks += 1;
    if (!isReadable(block)) {
      this.findings.add('unreadable', position);
      [this.number, this.previous] = [block.number, NO_BLOCK];
      return;
    }
    const hash = hashOf(block);
    this.findings.head = { number: block.number, hash: hash.toString('base64url') };
    this.firstSealedAt ??= block.sealedAt;
    if (block.number !== this.number + 1) this.findings.add('block_missing', { block: this.number + 1 });
    else if (!block.previous.equals(this.previous)) this.findings.add('chain_broken', position);
    if (block.sealedAt.getTime() < this.sealedAt) this.findings.add('time_backwards', position);
    this.checkSignature(block);
    this.checkAnchor(block, hash);
    this.number = block.number;
    this.previous = hash;
    this.sealedAt = Math.max(this.sealedAt, block.sealedAt.getTime());
  }

  /** After the last block. */
  finish(): void {
    const unvouched = this.intruder ?? this.unvouched;
    if (unvouched) this.findings.add('key_not_introduced', { block: unvouched.number, day: unvouched.day });
    const missing = [...this.anchors.keys()].filter((number) => !this.anchored.has(number));
    if (missing.length > 0) this.findings.add('anchor_missing', { block: Math.min(...missing) });
  }

  private checkSignature(block: AuditBlock): void {
    const { newKey, keyId } = block;
    const introduced = newKey !== null && newKey.keyId === keyIdOf(newKey.publicKey) ? newKey : null;
    // The first key, and one after a lost key, introduce themselves: only a given key makes them trusted.
    if (introduced?.keyId === keyId && !this.keys.has(keyId)) {
      this.keys.set(keyId, introduced.publicKey);
      if (block.number > 1) this.intruder ??= block;
    }
    const position = { block: block.number, day: block.day };
    const publicKey = this.keys.get(keyId);
    if (!publicKey) this.findings.add('key_unknown', position);
    else if (!isSignedBy(block, publicKey)) this.findings.add('signature_wrong', position);
    else if (!this.trusted.has(keyId)) {
      this.unvouched ??= block;
      if (introduced) this.keys.set(introduced.keyId, introduced.publicKey);
    } else {
      this.unvouched = null;
      this.intruder = null;
      if (introduced) {
        this.keys.set(introduced.keyId, introduced.publicKey);
        this.trusted.add(introduced.keyId);
      }
    }
  }

  private checkAnchor(block: AuditBlock, hash: Buffer): void {
    const announced = this.anchors.get(block.number);
    if (!announced) return;
    this.anchored.add(block.number);
    if (!announced.every((anchor) => anchor.equals(hash)))
      this.findings.add('anchor_differs', { block: block.number, day: block.day });
  }
}
