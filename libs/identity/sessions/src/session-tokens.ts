import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { parse as parseUuid } from 'uuid';
import {
  decodeToken,
  expandSha256,
  KeyRing,
  mintToken,
  readToken,
  type RingKey,
  sha256,
  tokenDigest,
} from '@countersign/crypto';
import { NeedsFormerKey, type UntreatedRows } from '@countersign/keys';
import type { TokenPair } from './session';
import { sessionError } from './session.errors';

const ACCESS_PREFIX = 'cs_at';
const REFRESH_PREFIX = 'cs_rt';
const ID_BYTES = 16;
const FAMILY_BYTES = 16;
const SECRET_BYTES = 32;
const NONCE_BYTES = 16;

export interface PresentedAccessToken {
  readonly sessionId: string;
  readonly digest: Buffer;
}

/** A well-formed access token. Its digest or its tag has to prove it genuine. */
export interface DecodedAccessToken extends PresentedAccessToken {
  /** Whether it was issued here, in any state. */
  isGenuine(): boolean;
}

export interface PresentedRefreshToken {
  readonly sessionId: string;
  /** A secret that all refresh tokens of one chain share. Only their holders know it. */
  readonly family: Buffer;
  readonly digest: Buffer;
  /** The successor is derived from this secret. */
  readonly secret: Buffer;
}

export interface MintedPair extends TokenPair {
  readonly familyDigest: Buffer;
  readonly accessDigest: Buffer;
  readonly refreshDigest: Buffer;
}

/**
 * Makes and reads the opaque tokens of a session. They contain the session id, which finds the row, 256 random bits,
 * and a keyed tag that refuses invalid text without a query. Clients must not parse them.
 */
@Injectable()
@NeedsFormerKey({ purpose: 'token' })
export class SessionTokens {
  constructor(private readonly keyRing: KeyRing) {}

  untreatedRows(): Promise<UntreatedRows> {
    return Promise.resolve({
      rows: 'tokens of sessions (sessions)',
      count: null,
      lasts: 'until each session is refreshed or ends',
    });
  }

  mint(sessionId: string): MintedPair {
    const key = this.keyRing.active('token');
    return this.pairOf(sessionId, randomBytes(FAMILY_BYTES), randomBytes(2 * SECRET_BYTES), key);
  }

  newSeed(): string {
    return `${this.keyRing.active('token').id}.${randomBytes(NONCE_BYTES).toString('base64url')}`;
  }

  /** Returns the same pair for the same seed. A dump of the database shows the seed, which alone reveals nothing. */
  successorOf({ sessionId, family, secret }: PresentedRefreshToken, seed: string): MintedPair {
    const key = this.keyRing.find('token', seed.split('.', 1)[0] ?? '');
    if (!key) throw sessionError('session.token_invalid');
    const info = `countersign/next-pair/v1/${sessionId}/${seed}`;
    return this.pairOf(sessionId, family, expandSha256(secret, info, 2 * SECRET_BYTES), key);
  }

  private pairOf(sessionId: string, family: Buffer, secrets: Buffer, key: RingKey): MintedPair {
    const id = parseUuid(sessionId);
    const [ofAccess, ofRefresh] = [secrets.subarray(0, SECRET_BYTES), secrets.subarray(SECRET_BYTES)];
    const accessToken = mintToken(this.keyRing, ACCESS_PREFIX, Buffer.concat([id, ofAccess]), key);
    const refreshToken = mintToken(this.keyRing, REFRESH_PREFIX, Buffer.concat([id, family, ofRefresh]), key);
    return {
      accessToken,
      refreshToken,
      familyDigest: sha256(family),
      accessDigest: tokenDigest(accessToken),
      refreshDigest: tokenDigest(refreshToken),
    };
  }

  /** @returns null for a token that was not issued here */
  readAccess(text: unknown): PresentedAccessToken | null {
    const body = readToken(this.keyRing, ACCESS_PREFIX, ID_BYTES + SECRET_BYTES, text);
    return body && { sessionId: sessionIdOf(body), digest: tokenDigest(text as string) };
  }

  /** Does not check the tag. @returns null for another format */
  decodeAccess(text: unknown): DecodedAccessToken | null {
    const decoded = decodeToken(this.keyRing, ACCESS_PREFIX, ID_BYTES + SECRET_BYTES, text);
    return (
      decoded && {
        sessionId: sessionIdOf(decoded.body),
        digest: tokenDigest(text as string),
        isGenuine: () => decoded.isGenuine(),
      }
    );
  }

  /** @returns null for a token that was not issued here */
  readRefresh(text: unknown): PresentedRefreshToken | null {
    const body = readToken(this.keyRing, REFRESH_PREFIX, ID_BYTES + FAMILY_BYTES + SECRET_BYTES, text);
    return (
      body && {
        sessionId: sessionIdOf(body),
        family: body.subarray(ID_BYTES, ID_BYTES + FAMILY_BYTES),
        digest: tokenDigest(text as string),
        secret: body.subarray(ID_BYTES + FAMILY_BYTES),
      }
    );
  }
}

/** A forged token may contain 16 bytes that are no UUID. No session has such an id. */
function sessionIdOf(body: Buffer): string {
  const hex = body.toString('hex', 0, ID_BYTES);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
