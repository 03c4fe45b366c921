import { DAY } from '@countersign/clock';

/** What decides how strictly a trail is checked. Stored with the signing key, sealed under the ring. */
export interface TrailOrigin {
  /** When the first block was sealed. */
  readonly beganAt: Date;
  /** From when on no block holds a record without a code; null where none ever does. */
  readonly codesSince: Date | null;
}

/** How the trail goes on. */
export interface TrailStart {
  readonly origin: TrailOrigin;
  /** Whether it has no block yet: only then is a first one made. */
  readonly isNew: boolean;
}

/** Records of a version without codes were sealed for so long after the first block. */
const FORMER_GRACE_MS = DAY;
/** Lines before the key: readers of PEM skip them (RFC 7468 section 5.2), also those of the previous version. */
const LINES = /^Trail-Began: (\S+)\nCodes-Since: (\S+)\n/;
const INTRODUCTION = /^Introduced-By: (\S+)$/m;
const FIRST_RECORD = 'first-record';

/** Whether a record without a code may be in a block that is sealed at this instant. */
export function mayLackMac({ codesSince }: TrailOrigin, sealedAt: Date): boolean {
  return codesSince !== null && sealedAt < codesSince;
}

/** Of a trail of the previous version, which knew no more than its first block. */
export function formerOrigin(beganAt: Date): TrailOrigin {
  return { beganAt, codesSince: new Date(beganAt.getTime() + FORMER_GRACE_MS) };
}

/** @param introducedBy the hash of the block that introduces the key; null where it introduces itself */
export function withOrigin(
  pem: string,
  { beganAt, codesSince }: TrailOrigin,
  introducedBy: Buffer | null,
): string {
  const origin = `Trail-Began: ${beganAt.toISOString()}\nCodes-Since: ${codesSince?.toISOString() ?? FIRST_RECORD}\n`;
  return `${origin}${introducedBy ? `Introduced-By: ${introducedBy.toString('base64url')}\n` : ''}${pem}`;
}

export function introductionIn(text: string): Buffer | null {
  const [, hash] = INTRODUCTION.exec(text) ?? [];
  return hash === undefined ? null : Buffer.from(hash, 'base64url');
}

/** @returns null for a key of the previous version */
export function originIn(text: string): TrailOrigin | null {
  const [, beganAt, codesSince] = LINES.exec(text) ?? [];
  if (beganAt === undefined || codesSince === undefined) return null;
  return {
    beganAt: new Date(beganAt),
    codesSince: codesSince === FIRST_RECORD ? null : new Date(codesSince),
  };
}
