import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { isUUID } from 'class-validator';
import { createLocalJWKSet, decodeJwt, jwtVerify, type JWTPayload } from 'jose';
import type { EntityManager } from 'typeorm';
import { AuditService } from '@countersign/audit';
import { Clock, earliest, plusSeconds, secondsUntil } from '@countersign/clock';
import { Configuration } from '@countersign/config';
import { KeyRing, lengthPrefixed, mintToken, readToken, sha256, tokenDigest } from '@countersign/crypto';
import { AgreedClock, Database } from '@countersign/database';
import { principalError } from '../admin.errors';
import { allScopes, type Scope } from '../scopes';
import { principalActor, type Principal } from './principal';
import type { PrincipalEntity } from './principal.entity';
import type { PrincipalSecretEntity } from './principal-secret.entity';
import { PrincipalsRepository, type FoundToken } from './principals.repository';
import { assertionAlgorithms } from './public-keys';

const PREFIX = 'cs_pt';
export const TOKEN_BYTES = 32;
/** As `PrincipalsService` makes them: 32 bytes. */
const SECRET = /^cs_ps_[\w-]{43}$/;
export const TOKEN_SECONDS = 1_800;
/** Of an access token. */
const noSession = { sessionId: null, beganAt: null, endsAt: null };
/** A client assertion is for one call: it has to expire soon. */
const MAX_ASSERTION_SECONDS = 300;
const TOLERANCE_SECONDS = 30;
const TOKEN_PATH = '/v1/admin/token';

/** What a principal authenticates with. */
export type ClientProof =
  | { readonly by: 'secret'; readonly principalId: string; readonly secret: string }
  | { readonly by: 'assertion'; readonly assertion: string };

type SecretProof = Extract<ClientProof, { by: 'secret' }>;

export interface IssuedToken {
  readonly accessToken: string;
  readonly expiresIn: number;
  readonly scopes: readonly Scope[];
}

/** An authenticated principal, and what it was authenticated by. */
export interface Authenticated {
  readonly principal: PrincipalEntity;
  readonly secretId: string | null;
  /** When the secret expires, and with it the token; `null` for a secret without an end, and for one that is for one use. */
  readonly expiresAt: Date | null;
}

/** Issues and verifies access tokens of principals. */
@Injectable()
export class PrincipalTokens {
  constructor(
    private readonly database: Database,
    private readonly principals: PrincipalsRepository,
    private readonly audit: AuditService,
    private readonly keyRing: KeyRing,
    private readonly configuration: Configuration,
    private readonly clock: Clock,
    private readonly agreedClock: AgreedClock,
  ) {}

  /**
   * A wrong secret or assertion costs one read and no transaction.
   * @param wanted scopes separated by spaces; all of the principal's when undefined
   * @throws AppError principal.invalid_client, principal.invalid_scope
   */
  async issue(proof: ClientProof, wanted: string | undefined): Promise<IssuedToken> {
    return this.whenAuthenticated(proof, async (tx, { principal, secretId, expiresAt: end }) => {
      const scopes = chosen(principal.scopes, wanted);
      const accessToken = mintToken(this.keyRing, PREFIX, randomBytes(TOKEN_BYTES));
      const now = this.clock.now();
      const longest = plusSeconds(now, TOKEN_SECONDS);
      const expiresAt = end === null ? longest : earliest(end, longest);
      await this.principals.insertToken(tx, {
        digest: tokenDigest(accessToken),
        principalId: principal.id,
        scopes: [...scopes],
        secretId,
        expiresAt,
        ...noSession,
      });
      await this.audit.record(tx, 'principal.authenticated', {
        actor: principalActor(principal.id),
        subject: principal.id,
        details: { by: proof.by, ...(secretId === null ? {} : { secretId }) },
      });
      return { accessToken, expiresIn: secondsUntil(expiresAt, now), scopes };
    });
  }

  /**
   * Does the work in the transaction that uses the proof.
   * @throws AppError principal.invalid_client
   */
  async whenAuthenticated<T>(
    proof: ClientProof,
    work: (tx: EntityManager, authenticated: Authenticated) => Promise<T>,
  ): Promise<T> {
    if (proof.by === 'secret' && !hasForm(proof)) throw principalError('principal.invalid_client');
    const isKnown = await this.database.read((manager) => this.isKnown(manager, proof));
    if (!isKnown) throw principalError('principal.invalid_client');
    await this.audit.prepare();
    return this.database.transaction(async (tx) => work(tx, await this.authenticate(tx, proof)));
  }

  /** @throws AppError principal.unauthenticated, service.unavailable when the clock is wrong */
  async verify(accessToken: string | undefined): Promise<Principal> {
    return principalOfToken(await this.find(PREFIX, accessToken));
  }

  /**
   * @param prefix of the kind of token
   * @throws AppError principal.unauthenticated, service.unavailable when the clock is wrong
   */
  async find(prefix: string, text: string | undefined): Promise<FoundToken> {
    if (readToken(this.keyRing, prefix, TOKEN_BYTES, text) === null)
      throw principalError('principal.unauthenticated');
    const found = await this.database.read((manager) =>
      this.principals.findToken(manager, tokenDigest(text ?? ''), this.clock.now()),
    );
    if (found) return found;
    // It was issued here: with a wrong clock a good one has expired.
    await this.agreedClock.now();
    throw principalError('principal.unauthenticated');
  }

  private async isKnown(manager: EntityManager, proof: ClientProof): Promise<boolean> {
    if (proof.by === 'secret') return (await this.findSecret(manager, proof)) !== null;
    const principalId = subjectOf(proof.assertion);
    const principal = principalId === null ? null : await this.principals.find(manager, principalId);
    return principal !== null && (await this.verified(proof.assertion, principal)) !== null;
  }

  private async findSecret(
    manager: EntityManager,
    { principalId, secret }: SecretProof,
  ): Promise<PrincipalSecretEntity | null> {
    return this.principals.findSecret(
      manager,
      principalId.toLowerCase(),
      tokenDigest(secret),
      this.clock.now(),
    );
  }

  private async authenticate(tx: EntityManager, proof: ClientProof): Promise<Authenticated> {
    const found = await (proof.by === 'secret'
      ? this.bySecret(tx, proof)
      : this.byAssertion(tx, proof.assertion));
    if (found?.principal.status !== 'active') throw principalError('principal.invalid_client');
    return found;
  }

  private async bySecret(tx: EntityManager, proof: SecretProof): Promise<Authenticated | null> {
    const found = await this.findSecret(tx, proof);
    if (!found) return null;
    const principal = await this.principals.findUnchanging(tx, found.principalId);
    if (principal?.status !== 'active') return null;
    // Another call may have used it up.
    if (!(await this.principals.useSecret(tx, found, this.clock.now()))) return null;
    return found.isOneTime
      ? { principal, secretId: null, expiresAt: null }
      : { principal, secretId: found.id, expiresAt: found.expiresAt };
  }

  /** RFC 7523 section 3, RFC 7521 section 4.2. */
  private async byAssertion(tx: EntityManager, assertion: string): Promise<Authenticated | null> {
    const principalId = subjectOf(assertion);
    const principal = principalId === null ? null : await this.principals.findUnchanging(tx, principalId);
    if (!principal || principal.keys.length === 0) return null;
    const { jti, exp } = (await this.verified(assertion, principal)) ?? {};
    // The signer chooses them: `jti` may be no text, and `exp` beyond all dates.
    if (typeof jti !== 'string' || exp === undefined) return null;
    const now = this.clock.now().getTime() / 1_000;
    if (exp > now + MAX_ASSERTION_SECONDS + TOLERANCE_SECONDS) return null;
    const expiresAt = new Date((exp + TOLERANCE_SECONDS) * 1_000);
    const digest = sha256(lengthPrefixed([principal.id, jti]));
    const isFirst = await this.principals.claimAssertion(tx, { digest, expiresAt });
    return isFirst ? { principal, secretId: null, expiresAt: null } : null;
  }

  private async verified(assertion: string, { id, keys }: PrincipalEntity): Promise<JWTPayload | null> {
    const { issuer } = this.configuration;
    try {
      const { payload } = await jwtVerify(assertion, createLocalJWKSet({ keys }), {
        algorithms: assertionAlgorithms,
        issuer: id,
        subject: id,
        audience: [issuer, `${issuer}${TOKEN_PATH}`],
        requiredClaims: ['exp', 'jti'],
        clockTolerance: TOLERANCE_SECONDS,
        currentDate: this.clock.now(),
      });
      return payload;
    } catch {
      return null;
    }
  }
}

export function principalOfToken({ token, principal }: FoundToken): Principal {
  const { id: principalId, name, kind } = principal;
  return {
    principalId,
    name,
    kind,
    scopes: token.scopes.filter((scope) => principal.scopes.includes(scope)),
    tokenDigest: token.digest,
  };
}

/** Whether it can be a secret: anything else costs no statement. */
function hasForm({ principalId, secret }: SecretProof): boolean {
  return isUUID(principalId) && SECRET.test(secret);
}

/** Whose keys to verify with; not verified itself. */
function subjectOf(assertion: string): string | null {
  try {
    const { sub } = decodeJwt(assertion);
    return isUUID(sub) ? (sub ?? null) : null;
  } catch {
    return null;
  }
}

/** @throws AppError principal.invalid_scope */
function chosen(own: readonly Scope[], wanted: string | undefined): readonly Scope[] {
  if (wanted === undefined) return own;
  const named = new Set(wanted.split(' '));
  if ([...named].some((name) => !own.some((scope) => scope === name)))
    throw principalError('principal.invalid_scope');
  return allScopes.filter((scope) => named.has(scope));
}
