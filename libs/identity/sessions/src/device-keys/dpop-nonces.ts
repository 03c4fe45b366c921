import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock, SECOND } from '@countersign/clock';
import { KeyRing, mintToken, readToken } from '@countersign/crypto';

/** How long a nonce may be used, by as many proofs as its client makes. */
export const NONCE_SECONDS = 120;

/** Readiness bounds the clock difference of replicas. */
const SKEW_SECONDS = 5;

const PREFIX = 'cs_dn';
const TIME_BYTES = 6;
const RANDOM_BYTES = 10;

/**
 * Nonces of RFC 9449 section 8: they date a proof by the clock of this service, so that proofs cannot be made
 * in advance. Stateless: every replica recognises those of the others.
 */
@Injectable()
export class DpopNonces {
  constructor(
    private readonly keyRing: KeyRing,
    private readonly clock: Clock,
  ) {}

  next(): string {
    const time = Buffer.alloc(TIME_BYTES);
    time.writeUIntBE(this.clock.now().getTime(), 0, TIME_BYTES);
    return mintToken(this.keyRing, PREFIX, Buffer.concat([time, randomBytes(RANDOM_BYTES)]));
  }

  judge(nonce: string): 'fresh' | 'stale' {
    const body = readToken(this.keyRing, PREFIX, TIME_BYTES + RANDOM_BYTES, nonce);
    if (!body) return 'stale';
    const age = this.clock.now().getTime() - body.readUIntBE(0, TIME_BYTES);
    return age < NONCE_SECONDS * SECOND && age > -SKEW_SECONDS * SECOND ? 'fresh' : 'stale';
  }
}
