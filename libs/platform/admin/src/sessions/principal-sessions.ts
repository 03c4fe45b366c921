import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { IsNull, type EntityManager, type FindOptionsWhere } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { AuditService } from '@countersign/audit';
import { Clock, Configuration, earliest, plusSeconds } from '@countersign/runtime';
import { Database, OneTimeTokens } from '@countersign/database';
import { principalError, sessionError } from '../admin.errors';
import { principalActor, type Principal } from '../principals/principal';
import { PrincipalTokenEntity } from '../principals/principal.entity';
import {
  principalOfToken,
  PrincipalTokens,
  type Authenticated,
  type IssuedToken,
  type SecretProof,
} from '../principals/principal-tokens';
import { ProviderPrincipals, type ProviderPerson } from './provider-principals';
import { assertCsrfToken, assertFromConsole, readSessionCookie, signedOutCookies } from './session-cookie';
import { adminEvents } from '../admin.feature';

const PREFIX = 'cs_ct';
const IDLE_SECONDS = 1_800;
/** Time after the beginning, however much the session is used. */
const MAX_SECONDS = 12 * 3_600;
/** Calls within this time cause no write. */
const SLIDES_EVERY_SECONDS = 60;

interface PrincipalSession {
  readonly principal: Principal;
  readonly token: string;
  readonly sessionId: string;
  readonly expiresAt: Date;
  readonly endsAt: Date;
}

/** Console sessions: tokens in a cookie, with sliding expiration. */
@Injectable()
export class PrincipalSessions {
  constructor(
    private readonly database: Database,
    private readonly tokens: PrincipalTokens,
    private readonly ofProvider: ProviderPrincipals,
    private readonly oneTimeTokens: OneTimeTokens,
    private readonly audit: AuditService,
    private readonly configuration: Configuration,
    private readonly clock: Clock,
  ) {}

  /** @returns the token for the cookie */
  async beginWithSecret(proof: SecretProof): Promise<string> {
    return this.tokens.whenAuthenticated(proof, (tx, found) => this.begin(tx, found));
  }

  /** @returns the token for the cookie */
  async beginOfProvider(person: ProviderPerson): Promise<string> {
    return this.whenAuthorised(person, null, (tx, found) => this.begin(tx, found));
  }

  /**
   * Issues an access token for the command line, at most one per id token.
   * @param idToken header and payload without the signature, because one ES256 signature has two valid forms
   * @param expiresAt the expiry of the id token
   */
  async issueOfProvider(person: ProviderPerson, idToken: string, expiresAt: Date): Promise<IssuedToken> {
    return this.whenAuthorised(person, expiresAt, async (tx, found) => {
      const used = { kind: 'console-id-token', id: idToken, expiresAt };
      if (!(await this.oneTimeTokens.consumeForeign(tx, used))) throw sessionError('console.id_token_used');
      return this.tokens.issueTo(tx, found, found.principal.scopes);
    });
  }

  /** Finds and extends the session of a request. */
  async ofRequest(request: FastifyRequest): Promise<PrincipalSession> {
    const { consoleUrl } = this.configuration;
    const cookie = readSessionCookie(request.headers.cookie);
    if (consoleUrl === null || cookie === null) throw principalError('principal.unauthenticated');
    assertFromConsole(request, consoleUrl);
    assertCsrfToken(request, cookie);
    const found = await this.tokens.find(PREFIX, cookie);
    const { sessionId, endsAt } = found.token;
    if (sessionId === null || endsAt === null) throw principalError('principal.unauthenticated');
    const expiresAt = await this.slide(found.token, endsAt);
    return { principal: principalOfToken(found), token: cookie, sessionId, expiresAt, endsAt };
  }

  async end(principalId: string, sessionId: string): Promise<void> {
    await this.delete(principalId, { sessionId }, { sessionId });
  }

  async endToken({ principalId, tokenDigest: digest }: Principal): Promise<void> {
    await this.delete(principalId, { digest, sessionId: IsNull() }, {});
  }

  signedOutCookies(): string[] {
    return signedOutCookies(this.clock.now(), this.configuration.consoleOidcMaxAge);
  }

  private async delete(
    principalId: string,
    token: FindOptionsWhere<PrincipalTokenEntity>,
    details: Readonly<Record<string, string>>,
  ): Promise<void> {
    await this.database.transaction(async (tx) => {
      const { affected } = await tx.delete(PrincipalTokenEntity, { principalId, ...token });
      if (affected !== 1) return;
      const actor = principalActor(principalId);
      await this.audit.record(tx, adminEvents.principalSessionEnded, {
        actor,
        subject: principalId,
        details,
      });
    });
  }

  private async whenAuthorised<T>(
    person: ProviderPerson,
    expiresAt: Date | null,
    work: (tx: EntityManager, authenticated: Authenticated) => Promise<T>,
  ): Promise<T> {
    const done = await this.database.transaction(async (tx) => {
      const principal = await this.ofProvider.authorise(tx, person);
      return principal && { result: await work(tx, { principal, secretId: null, expiresAt }) };
    });
    // The scopes that the provider took away are stored first. This error must not roll them back.
    if (done === null) throw sessionError('console.no_access');
    return done.result;
  }

  private async begin(tx: EntityManager, authenticated: Authenticated): Promise<string> {
    const now = this.clock.now();
    const longest = plusSeconds(now, MAX_SECONDS);
    const endsAt = earliest(longest, authenticated.expiresAt ?? longest);
    return this.tokens.insert(tx, PREFIX, authenticated, {
      scopes: authenticated.principal.scopes,
      expiresAt: earliest(endsAt, plusSeconds(now, IDLE_SECONDS)),
      sessionId: uuidv7(),
      beganAt: now,
      endsAt,
    });
  }

  private async slide(session: PrincipalTokenEntity, endsAt: Date): Promise<Date> {
    const wanted = earliest(endsAt, plusSeconds(this.clock.now(), IDLE_SECONDS));
    if (wanted <= plusSeconds(session.expiresAt, SLIDES_EVERY_SECONDS)) return session.expiresAt;
    // Updates nothing when the session has ended meanwhile.
    await this.database.transaction((tx) =>
      tx.update(PrincipalTokenEntity, { digest: session.digest }, { expiresAt: wanted }),
    );
    return wanted;
  }
}
