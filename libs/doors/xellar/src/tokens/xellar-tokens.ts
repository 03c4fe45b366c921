import { Injectable } from '@nestjs/common';
import { decodeProtectedHeader, jwtVerify, SignJWT, type JWTPayload } from 'jose';
import { v7 as uuidv7 } from 'uuid';
import { Clock, earliest, plusSeconds, SECOND } from '@countersign/runtime';
import { deriveMacKey, KeyRing, openToken, sealToken } from '@countersign/crypto';
import type { EntityManager } from 'typeorm';
import { Database, OneTimeTokens } from '@countersign/database';
import type { CompatToken } from '@countersign/embedded-wallets';
import { xellarError } from '../xellar.errors';

/** A key, type and audience for each kind: a token of one kind is junk for the other, and for all other endpoints. */
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
/** Our own have a few hundred characters. */
const MAX_LENGTH = 4_096;

/** What a refresh token of this API stands for. */
export interface Refreshing {
  /** The refresh token of the session. */
  readonly token: string;
  /** What `expireDate` asked for; `null` without. Milliseconds since 1970. */
  readonly until: number | null;
}

export interface XellarToken {
  readonly id: string;
  readonly sessionId: string;
  /** The pair of tokens of the session that it belongs to, see `servesPair`. */
  readonly pair: string;
  readonly expiresAt: Date;
  /** Of an access token: the first refresh token of its session. */
  readonly refreshToken: string | null;
}

type XellarClaims = Readonly<Record<string, unknown>> & {
  readonly sid: string;
  readonly pair: string;
};

/**
 * Tokens of this API. Access and wallet tokens are JWTs, since clients decode them; refresh tokens are those of sessions, sealed. So
 * they are junk to native routes, and native tokens are junk here, while one session stands behind both.
 */
@Injectable()
export class XellarTokens {
  constructor(
    private readonly keyRing: KeyRing,
    private readonly clock: Clock,
    private readonly database: Database,
    private readonly once: OneTimeTokens,
  ) {}

  /** @param until ends it earlier */
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

  /** `null` for anything that is no living token of this kind. */
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

  /** `null` for anything that was not sealed here, or has expired. */
  open(token: string): Refreshing | null {
    const opened = openToken(this.keyRing, 'xr', SEALED, token);
    if (opened === null) return null;
    const content = JSON.parse(opened) as Refreshing;
    const { until } = content;
    return until !== null && until <= this.clock.now().getTime() ? null : content;
  }

  /** Waits for a simultaneous use to commit. */
  async use(tx: EntityManager, token: Once): Promise<void> {
    if (!(await this.once.consumeForeign(tx, storedAs(token)))) throw xellarError('xellar.token_used');
  }

  /** As acts of embedded wallets take it: it is used up in the transaction that records the act. */
  compat({ id, expiresAt }: Once): CompatToken {
    return { id, expiresAt, consume: (tx) => this.use(tx, { id, expiresAt }) };
  }

  /** Before a call that uses it later. */
  async assertUnused(token: Once): Promise<void> {
    if (await this.once.isForeignUsed(storedAs(token))) throw xellarError('xellar.token_used');
  }

  /** For a call that changes nothing else. */
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
