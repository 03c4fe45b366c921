import { Injectable } from '@nestjs/common';
import { decodeProtectedHeader, jwtVerify, SignJWT, type JWTPayload } from 'jose';
import { v7 as uuidv7 } from 'uuid';
import { Clock, earliest, plusSeconds, SECOND } from '@countersign/runtime';
import { deriveMacKey, KeyRing, openToken, sealToken } from '@countersign/crypto';
import type { EntityManager } from 'typeorm';
import { Database, OneTimeTokens } from '@countersign/database';
import type { CompatToken } from '@countersign/embedded-wallets';
import { xellarError } from '../xellar.errors';

/** The kinds have different keys, types and audiences, so no other endpoint accepts a token of this kind. */
const KINDS = {
  access: {
    typ: 'xellar-access+jwt',
    audience: 'countersign/xellar/account',
    context: 'countersign/xellar-access-token/v1',
  },
  wallet: {
    typ: 'xellar-wallet+jwt',
    audience: 'countersign/xellar/wallet',
    context: 'countersign/xellar-wallet-token/v1',
  },
} as const;
export type TokenKind = keyof typeof KINDS;

/** Clients do not read refresh tokens, so they are sealed. */
const SEALED = 'countersign/xellar-refresh-token/v1';
/** Tokens of this service have a few hundred characters. */
const MAX_LENGTH = 4_096;

export interface Refreshing {
  /** The refresh token of the session. */
  readonly token: string;
  /** The end that `expireDate` asked for, in milliseconds since 1970. */
  readonly until: number | null;
}

export interface XellarToken {
  readonly id: string;
  readonly sessionId: string;
  /** The session's token pair that this token belongs to. See `servesPair`. */
  readonly pair: string;
  readonly expiresAt: Date;
  /** The first refresh token of the session. Only an access token has it. */
  readonly refreshToken: string | null;
}

type XellarClaims = Readonly<Record<string, unknown>> & {
  readonly sid: string;
  readonly pair: string;
};

/**
 * Access and wallet tokens are JWTs, because clients decode them. Refresh tokens are those of sessions, sealed. Native
 * routes refuse these tokens, and this API refuses native tokens, although one session may have both.
 */
@Injectable()
export class XellarTokens {
  constructor(
    private readonly keyRing: KeyRing,
    private readonly clock: Clock,
    private readonly database: Database,
    private readonly once: OneTimeTokens,
  ) {}

  /** @param until may end the token earlier */
  async mint(kind: TokenKind, claims: XellarClaims, seconds: number, until: number | null): Promise<string> {
    const { typ, audience, context } = KINDS[kind];
    const key = this.keyRing.active('token');
    const now = this.clock.now();
    const expiresAt = earliest(plusSeconds(now, seconds), ...(until === null ? [] : [new Date(until)]));
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', typ, kid: key.id })
      .setAudience(audience)
      .setJti(uuidv7())
      .setIssuedAt(Math.floor(now.getTime() / SECOND))
      .setExpirationTime(Math.floor(expiresAt.getTime() / SECOND))
      .sign(deriveMacKey(key, context).secret);
  }

  /** Returns `null` for a text that is not a valid token of this kind. */
  async read(kind: TokenKind, token: string): Promise<XellarToken | null> {
    const claims = token.length > MAX_LENGTH ? null : await this.verified(kind, token).catch(() => null);
    const { jti, sid, pair, exp, ref } = claims ?? {};
    if (jti === undefined || typeof sid !== 'string' || typeof pair !== 'string' || exp === undefined)
      return null;
    const expiresAt = new Date(exp * SECOND);
    const refreshToken = typeof ref === 'string' ? ref : null;
    return { id: jti, sessionId: sid, pair, expiresAt, refreshToken };
  }

  seal(content: Refreshing): string {
    return sealToken(this.keyRing, 'xr', SEALED, JSON.stringify(content));
  }

  /** Returns `null` for a text that this service did not seal, or that has expired. */
  open(token: string): Refreshing | null {
    const opened = openToken(this.keyRing, 'xr', SEALED, token);
    if (opened === null) return null;
    const content = JSON.parse(opened) as Refreshing;
    const { until } = content;
    return until !== null && until <= this.clock.now().getTime() ? null : content;
  }

  /** Waits until a simultaneous use commits. */
  async use(tx: EntityManager, token: Once): Promise<void> {
    if (!(await this.once.consumeForeign(tx, storedAs(token)))) throw xellarError('xellar.token_used');
  }

  /** Returns the form for acts of embedded wallets. The transaction that records the act consumes the token. */
  compat({ id, expiresAt }: Once): CompatToken {
    return { id, expiresAt, consume: (tx) => this.use(tx, { id, expiresAt }) };
  }

  async assertUnused(token: Once): Promise<void> {
    if (await this.once.isForeignUsed(storedAs(token))) throw xellarError('xellar.token_used');
  }

  async useAlone(token: Once): Promise<void> {
    await this.database.transaction((tx) => this.use(tx, token));
  }

  private async verified(kind: TokenKind, token: string): Promise<JWTPayload | null> {
    const { typ, audience, context } = KINDS[kind];
    const { kid } = decodeProtectedHeader(token);
    const key = typeof kid === 'string' ? this.keyRing.find('token', kid) : undefined;
    if (!key) return null;
    const { payload } = await jwtVerify(token, deriveMacKey(key, context).secret, {
      algorithms: ['HS256'],
      ...{ typ, audience, currentDate: this.clock.now(), requiredClaims: ['jti', 'sid', 'iat', 'exp'] },
    });
    return payload;
  }
}

type Once = Pick<XellarToken, 'id' | 'expiresAt'>;

function storedAs({ id, expiresAt }: Once) {
  return { kind: 'xellar-wallet-token', id, expiresAt } as const;
}
