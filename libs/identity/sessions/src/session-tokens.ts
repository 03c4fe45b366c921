import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { parse as parseUuid } from 'uuid';
import {
  decodeToken,
  KeyRing,
  mintToken,
  openUnder,
  readToken,
  sealUnder,
  type SealedBytes,
  sha256,
  tokenDigest,
  unlessSealed,
} from '@countersign/crypto';
import type { TokenPair } from './session';

const ACCESS_PREFIX = 'cs_at';
const REFRESH_PREFIX = 'cs_rt';
const ID_BYTES = 16;
const FAMILY_BYTES = 16;
const SECRET_BYTES = 32;

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
  /** Shared by all refresh tokens of one chain; known only to their holders. */
  readonly family: Buffer;
  readonly digest: Buffer;
  /** Opens the successor that was sealed under this token. */
  readonly secret: Buffer;
}

/** A new pair with the digests that are kept of it. */
export interface MintedPair extends TokenPair {
  readonly family: Buffer;
  readonly familyDigest: Buffer;
  readonly accessDigest: Buffer;
  readonly refreshDigest: Buffer;
}

/**
 * Makes and reads the two opaque tokens of a session. Both contain the session id, so that the row is found
 * by its key, 256 random bits, and a keyed tag for refusing junk without a query. Clients must not parse
 * them.
 */
@Injectable()
export class SessionTokens {
  constructor(private readonly keyRing: KeyRing) {}

  /** @param family of the chain that goes on; a new chain by default. */
  mint(sessionId: string, family: Buffer = randomBytes(FAMILY_BYTES)): MintedPair {
    const id = parseUuid(sessionId);
    const secrets = randomBytes(2 * SECRET_BYTES);
    const [ofAccess, ofRefresh] = [secrets.subarray(0, SECRET_BYTES), secrets.subarray(SECRET_BYTES)];
    const accessToken = mintToken(this.keyRing, ACCESS_PREFIX, Buffer.concat([id, ofAccess]));
    const refreshToken = mintToken(this.keyRing, REFRESH_PREFIX, Buffer.concat([id, family, ofRefresh]));
    return {
      accessToken,
      refreshToken,
      family,
      familyDigest: sha256(family),
      accessDigest: tokenDigest(accessToken),
      refreshDigest: tokenDigest(refreshToken),
    };
  }

  /** @returns null for a token of any form that was not issued here. */
  readAccess(text: unknown): PresentedAccessToken | null {
    const body = readToken(this.keyRing, ACCESS_PREFIX, ID_BYTES + SECRET_BYTES, text);
    return body && { sessionId: sessionIdOf(body), digest: tokenDigest(text as string) };
  }

  /** Does not check the tag. @returns null for another format. */
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

  /** @returns null for a token of any form that was not issued here. */
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

/**
 * Seals a pair under a secret that only its receiver holds, so that a dump of the database gives no token.
 * @param ring for a pair that may have to be repeated: neither the secret nor the ring opens it alone
 */
export function sealPair(
  secret: Buffer,
  sessionId: string,
  { accessToken, refreshToken }: TokenPair,
  ring?: KeyRing,
): SealedBytes {
  const text = Buffer.from(JSON.stringify([accessToken, refreshToken]));
  return sealUnder(secret, PAIR_PURPOSE, text, sessionId, ring?.active('sealing'));
}

/** @returns null when it was sealed under another secret, or a key that is not in the ring */
export function openPair(
  secret: Buffer,
  sessionId: string,
  sealed: Buffer,
  ring?: KeyRing,
): TokenPair | null {
  const opened = unlessSealed(() => openUnder(secret, PAIR_PURPOSE, sealed, sessionId, ring?.all('sealing')));
  if (!opened) return null;
  const [accessToken, refreshToken] = JSON.parse(opened.toString('utf8')) as [string, string];
  return { accessToken, refreshToken };
}

const PAIR_PURPOSE = 'countersign/token-pair/v1';

/** Not all sixteen bytes are a UUID, and a forged token may contain any: no session has such an id. */
function sessionIdOf(body: Buffer): string {
  const hex = body.toString('hex', 0, ID_BYTES);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
