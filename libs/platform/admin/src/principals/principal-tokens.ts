import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { isUUID } from 'class-validator';
import type { EntityManager } from 'typeorm';
import { AuditService } from '@countersign/audit';
import { Clock, Configuration, earliest, plusSeconds, secondsUntil } from '@countersign/runtime';
import { KeyRing, mintToken, readToken, tokenDigest } from '@countersign/crypto';
import { AgreedClock, Database } from '@countersign/database';
import { principalError } from '../admin.errors';
import { scopesInUse } from '../scopes';
import { principalActor, type Principal } from './principal';
import { PrincipalTokenEntity, type PrincipalEntity, type PrincipalSecretEntity } from './principal.entity';
import { PrincipalsRepository, type FoundToken } from './principals.repository';
import { adminEvents } from '../admin.feature';

const PREFIX = 'cs_pt';
const TOKEN_BYTES = 32;
/** 32 random bytes, as `PrincipalsService` makes them. */
const SECRET = /^cs_ps_[\w-]{43}$/;
const TOKEN_SECONDS = 1_800;

export interface SecretProof {
  readonly principalId: string;
  readonly secret: string;
}

export interface IssuedToken {
  readonly accessToken: string;
  readonly expiresIn: number;
  readonly scopes: readonly string[];
}

export interface Authenticated {
  readonly principal: PrincipalEntity;
  /** `null` for a person who signs in at the provider. */
  readonly secretId: string | null;
  /** The expiry of the secret or of the id token. The new token does not outlive it. */
  readonly expiresAt: Date | null;
}

@Injectable()
export class PrincipalTokens {
  constructor(
    private readonly database: Database,
    private readonly principals: PrincipalsRepository,
    private readonly audit: AuditService,
    private readonly keyRing: KeyRing,
    private readonly clock: Clock,
    private readonly agreedClock: AgreedClock,
    private readonly configuration: Configuration,
  ) {}

  /** A wrong secret costs one read and no transaction. @param wanted scopes separated by spaces; undefined for all */
  async issue(proof: SecretProof, wanted: string | undefined): Promise<IssuedToken> {
    return this.whenAuthenticated(proof, (tx, authenticated) =>
      this.issueTo(tx, authenticated, chosen(authenticated.principal.scopes, wanted)),
    );
  }

  async issueTo(
    tx: EntityManager,
    authenticated: Authenticated,
    scopes: readonly string[],
  ): Promise<IssuedToken> {
    const now = this.clock.now();
    const longest = plusSeconds(now, TOKEN_SECONDS);
    const expiresAt = earliest(longest, authenticated.expiresAt ?? longest);
    const accessToken = await this.insert(tx, PREFIX, authenticated, { scopes: [...scopes], expiresAt });
    return { accessToken, expiresIn: secondsUntil(expiresAt, now), scopes };
  }

  /** Stores a new token, and audits its issue. @param row the columns that depend on the kind of token */
  async insert(
    tx: EntityManager,
    prefix: string,
    { principal: { id: principalId }, secretId }: Authenticated,
    row: Pick<PrincipalTokenEntity, 'scopes' | 'expiresAt'> & Partial<PrincipalTokenEntity>,
  ): Promise<string> {
    const token = mintToken(this.keyRing, prefix, randomBytes(TOKEN_BYTES));
    await tx.insert(PrincipalTokenEntity, { digest: tokenDigest(token), principalId, secretId, ...row });
    await this.audit.record(tx, adminEvents.principalAuthenticated, {
      actor: principalActor(principalId),
      subject: principalId,
      details: {
        ...(secretId === null ? { by: 'provider' } : { by: 'secret', secretId }),
        ...(row.sessionId ? { sessionId: row.sessionId } : {}),
      },
    });
    return token;
  }

  async whenAuthenticated<T>(
    proof: SecretProof,
    work: (tx: EntityManager, authenticated: Authenticated) => Promise<T>,
  ): Promise<T> {
    // A text that cannot be a secret costs no statement.
    if (!isUUID(proof.principalId) || !SECRET.test(proof.secret))
      throw principalError('principal.invalid_client');
    const known = await this.database.read((manager) => this.findSecret(manager, proof));
    if (!known) throw principalError('principal.invalid_client');
    return this.database.transaction(async (tx) => work(tx, await this.authenticate(tx, proof)));
  }

  async verify(accessToken: string | undefined): Promise<Principal> {
    const found = await this.find(PREFIX, accessToken);
    // People of the provider sign in through the console. While it is off, their tokens open nothing.
    if (found.token.secretId === null && this.configuration.consoleUrl === null)
      throw principalError('principal.unauthenticated');
    return principalOfToken(found);
  }

  /** @param prefix the prefix of the kind of token */
  async find(prefix: string, text: string | undefined): Promise<FoundToken> {
    if (readToken(this.keyRing, prefix, TOKEN_BYTES, text) === null)
      throw principalError('principal.unauthenticated');
    const found = await this.database.read((manager) =>
      this.principals.findToken(manager, tokenDigest(text ?? ''), this.clock.now()),
    );
    if (found) return found;
    // The service issued this token. If the clock is wrong, a good token may look expired.
    await this.agreedClock.now();
    throw principalError('principal.unauthenticated');
  }

  private async findSecret(
    manager: EntityManager,
    { principalId, secret }: SecretProof,
  ): Promise<PrincipalSecretEntity | null> {
    const digest = tokenDigest(secret);
    return this.principals.findSecret(manager, principalId.toLowerCase(), digest, this.clock.now());
  }

  private async authenticate(tx: EntityManager, proof: SecretProof): Promise<Authenticated> {
    const secret = await this.findSecret(tx, proof);
    if (!secret) throw principalError('principal.invalid_client');
    const principal = await this.principals.findUnchanging(tx, secret.principalId);
    const isAccepted =
      principal?.status === 'active' && (await this.principals.useSecret(tx, secret, this.clock.now()));
    if (!isAccepted) throw principalError('principal.invalid_client');
    return { principal, secretId: secret.id, expiresAt: secret.expiresAt };
  }
}

export function principalOfToken({ token, principal }: FoundToken): Principal {
  const { id: principalId, name } = principal;
  return {
    principalId,
    name,
    // A scope of a feature that is switched off opens nothing.
    scopes: token.scopes.filter((scope) => principal.scopes.includes(scope) && scopesInUse.has(scope)),
    tokenDigest: token.digest,
  };
}

function chosen(own: readonly string[], wanted: string | undefined): readonly string[] {
  if (wanted === undefined) return own;
  const named = new Set(wanted.split(' '));
  if ([...named].some((name) => !own.some((scope) => scope === name)))
    throw principalError('principal.invalid_scope');
  return scopesInUse.names.filter((scope) => named.has(scope));
}
