import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock, plusSeconds, SECOND } from '@countersign/runtime';
import {
  deriveMacKey,
  equalsConstantTime,
  KeyRing,
  lengthPrefixed,
  macOf,
  type RingKey,
} from '@countersign/crypto';
import { decodeBase64url } from '@countersign/text';
import type { EvmAddress } from '@countersign/wallet-proofs';
import { metaproError } from '../metapro.errors';

const CONTEXT = 'countersign/metapro-hash/v1';
const SECONDS = 300;
/** Clocks of replicas may differ by this much. */
const TOLERANCE_SECONDS = 5;
const TIME_BYTES = 5;
const RANDOM_BYTES = 16;
const MAC_BYTES = 16;
const BODY_BYTES = TIME_BYTES + RANDOM_BYTES;

/**
 * Issues hashes of 50 characters for wallets to sign, each for one wallet and five minutes. The service stores only
 * used hashes: the replay guard of proofs allows one session per hash.
 */
@Injectable()
export class LoginHashes {
  constructor(
    private readonly keyRing: KeyRing,
    private readonly clock: Clock,
  ) {}

  issue(wallet: EvmAddress): string {
    const body = Buffer.alloc(BODY_BYTES);
    body.writeUIntBE(Math.floor(this.clock.now().getTime() / SECOND), 0, TIME_BYTES);
    randomBytes(RANDOM_BYTES).copy(body, TIME_BYTES);
    const mac = macOver(this.keyRing.active('token'), body, wallet);
    return Buffer.concat([body, mac]).toString('base64url');
  }

  verify(hash: string, wallet: EvmAddress): Date {
    const bytes = decodeBase64url(hash);
    if (bytes?.length !== BODY_BYTES + MAC_BYTES) throw metaproError('metapro.hash_invalid');
    const [body, mac] = [bytes.subarray(0, BODY_BYTES), bytes.subarray(BODY_BYTES)];
    const isOurs = this.keyRing
      .all('token')
      .some((key) => equalsConstantTime(macOver(key, body, wallet), mac));
    if (!isOurs) throw metaproError('metapro.hash_invalid');
    const issuedAt = new Date(body.readUIntBE(0, TIME_BYTES) * SECOND);
    const now = this.clock.now();
    if (plusSeconds(issuedAt, SECONDS) <= now || issuedAt > plusSeconds(now, TOLERANCE_SECONDS))
      throw metaproError('metapro.hash_expired');
    return issuedAt;
  }
}

function macOver(key: RingKey, body: Buffer, wallet: EvmAddress): Buffer {
  return macOf(deriveMacKey(key, CONTEXT), lengthPrefixed([body, wallet])).subarray(0, MAC_BYTES);
}
