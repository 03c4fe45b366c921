import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Clock, Configuration, earliest, Metrics, plusSeconds, SECOND } from '@countersign/runtime';
import { unavailable } from '@countersign/database';
import { type Principal, shownAssuranceOf } from '../../session';
import { sessionError } from '../../session.errors';
import type { Application } from '@countersign/applications';
import { JwtService } from '@nestjs/jwt';
import { SignJWT } from 'jose';
import { signingAt } from '../keys/identity-key';
import { IdentityKeys } from '../keys/identity-keys';
import type { OpenIdentityKey } from '../keys/key-pairs';

/** The `typ` of identity tokens. A JWT of another type is refused (RFC 8725, section 3.11). */
export const IDENTITY_TOKEN_TYPE = 'countersign-identity+jwt';

interface TokenRequest {
  readonly principal: Principal;
  readonly audience: string;
  readonly notAfter: Date;
}

/** A token, and the values that must be unchanged to reuse it for the same session and audience. */
interface MintedToken {
  readonly token: string;
  readonly kid: string;
  readonly principal: Principal;
  /** Milliseconds since 1970, like `expiresAt`. */
  readonly issuedAt: number;
  readonly expiresAt: number;
}

/**
 * Whether a cached token can be used: it has the content of a new one, the current key signed it, at least half of its
 * life is left, and it does not outlive the requested expiry.
 */
function isGoodFor(
  { principal, notAfter }: TokenRequest,
  minted: MintedToken,
  signing: { readonly kid: string },
  now: Date,
): boolean {
  return (
    minted.kid === signing.kid &&
    (minted.principal === principal || haveSameClaims(minted.principal, principal)) &&
    minted.expiresAt <= notAfter.getTime() &&
    2 * (minted.expiresAt - now.getTime()) >= minted.expiresAt - minted.issuedAt
  );
}

function haveSameClaims(one: Principal, other: Principal): boolean {
  return (
    one.userId === other.userId &&
    one.applicationId === other.applicationId &&
    shownAssuranceOf(one) === shownAssuranceOf(other) &&
    one.door === other.door &&
    toSeconds(one.authenticatedAt) === toSeconds(other.authenticatedAt) &&
    one.scopes.length === other.scopes.length &&
    one.scopes.every((scope, index) => scope === other.scopes[index])
  );
}

/** The limit of all cached tokens together. A token has 500 to 800 characters. */
const MAX_CHARACTERS = 16 * 1024 * 1024;

/** The JWTs that services behind the gateway verify, each cached for half of its life. */
@Injectable()
export class IdentityTokens {
  /** The key has the whole session id and the whole audience, never a part or a digest of them. */
  private readonly cache = new LRUCache<string, MintedToken>({
    maxSize: MAX_CHARACTERS,
    sizeCalculation: ({ token }) => token.length,
  });

  constructor(
    private readonly keys: IdentityKeys,
    private readonly jwt: JwtService,
    private readonly configuration: Configuration,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
  ) {
    metrics.watchCache('identity_tokens', () => this.cache.size);
  }

  /** The cached token; `undefined` if one has to be issued. Returns no promise, for the hot path. See `issue`. */
  peek(principal: Principal, audience: string, notAfter: Date): string | undefined {
    const now = this.clock.now();
    const keys = this.keys.peek(now);
    const key = keys && signingAt(keys, now);
    const token = key && this.find({ principal, audience, notAfter }, key, now)?.token;
    this.metrics.cacheLookup('identity_tokens', token === undefined ? 'miss' : 'hit');
    return token;
  }

  /**
   * @param audience one that is granted to the application, see `audienceOf`
   * @param notAfter the end of the session or its access token: no token outlives it
   */
  async issue(principal: Principal, audience: string, notAfter: Date): Promise<string> {
    const request = { principal, audience, notAfter };
    const key = await this.signingKey();
    const now = this.clock.now();
    return (this.find(request, key, now) ?? (await this.mint(request, key, now))).token;
  }

  private find(request: TokenRequest, key: OpenIdentityKey, now: Date): MintedToken | undefined {
    const minted = this.cache.get(nameOf(request));
    return minted && isGoodFor(request, minted, key, now) ? minted : undefined;
  }

  private async mint(request: TokenRequest, key: OpenIdentityKey, now: Date): Promise<MintedToken> {
    const { principal, audience, notAfter } = request;
    const iat = toSeconds(now);
    const exp = toSeconds(earliest(plusSeconds(now, this.configuration.identityTokenLifetime), notAfter));
    if (exp <= iat) throw sessionError('session.expired');
    const token = await this.sign(key, {
      iss: this.configuration.issuer,
      sub: principal.userId,
      aud: audience,
      // Init data of the request may replace a session.
      ...(principal.sessionId === '' ? {} : { sid: principal.sessionId }),
      client_id: principal.applicationId,
      iat,
      exp,
      jti: randomUUID(),
      scope: principal.scopes.join(' '),
      ...proofClaimsOf(principal),
    });
    const minted = { token, kid: key.kid, principal, issuedAt: iat * SECOND, expiresAt: exp * SECOND };
    this.cache.set(nameOf(request), minted);
    return minted;
  }

  /** The library of `@nestjs/jwt` has no EdDSA. */
  private async sign(
    { algorithm, kid, privateKey }: OpenIdentityKey,
    claims: Readonly<Record<string, unknown>>,
  ): Promise<string> {
    const header = { alg: algorithm, typ: IDENTITY_TOKEN_TYPE, kid };
    return algorithm === 'ES256'
      ? this.jwt.sign({ ...claims }, { privateKey, algorithm, header })
      : new SignJWT({ ...claims }).setProtectedHeader(header).sign(privateKey);
  }

  private async signingKey(): Promise<OpenIdentityKey> {
    const key = signingAt(await this.keys.open(), this.clock.now());
    if (!key) throw unavailable(new Error('there is no key of identity tokens'));
    return key;
  }
}

/** Ids have a fixed length and audiences have no blanks, so the name is unique per request. */
function nameOf({ principal: { sessionId, applicationId, identityId }, audience }: TokenRequest): string {
  return `${sessionId === '' ? `${applicationId}${identityId}` : sessionId} ${audience}`;
}

/** The claims about a session's proof, in the terms of OpenID Connect Core (section 2). */
export function proofClaimsOf(
  principal: Pick<Principal, 'assurance' | 'shownAs' | 'door' | 'authenticatedAt'>,
): { acr: string; amr: string[]; auth_time: number } {
  const { door, authenticatedAt } = principal;
  return {
    acr: shownAssuranceOf(principal),
    amr: [door],
    auth_time: toSeconds(authenticatedAt),
  };
}

function toSeconds(instant: Date): number {
  return Math.floor(instant.getTime() / SECOND);
}

/** The application, or the `asked` audience; `null` if that is not granted. Ids of other applications never are. */
export function audienceOf(
  { id, settings }: { readonly id: string; readonly settings: Pick<Application['settings'], 'audiences'> },
  asked: string | undefined,
): string | null {
  if (asked === undefined || asked === id) return id;
  return settings.audiences.includes(asked) ? asked : null;
}
