import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { type AuditedEvent, AuditService, operator } from '@countersign/audit';
import { Clock, DAY, plusSeconds, SECOND } from '@countersign/runtime';
import { tokenDigest } from '@countersign/crypto';
import { Database, insertIfNew, newestOf } from '@countersign/database';
import { invalidField, type Keyset } from '@countersign/http';
import { principalError } from '../admin.errors';
import type { ChangePrincipalRequest, CreatePrincipalRequest } from '../dto/principal.dto';
import { PrincipalEntity, PrincipalSecretEntity, PrincipalTokenEntity, PROVIDER } from './principal.entity';
import type { Granter, NewPrincipalSecret } from './principal';
import { PrincipalsRepository } from './principals.repository';
import { adminScopes, adminEvents } from '../admin.feature';

const MAX_SECRETS = 10;
const SECRET_BYTES = 32;
const DAY_SECONDS = DAY / SECOND;
const DEFAULT_DAYS = 90;
const MAX_DAYS = 366;

interface IssuedSecret {
  readonly secretId: string;
  readonly clientSecret: string;
  readonly expiresAt: Date;
}

@Injectable()
export class PrincipalsService {
  constructor(
    private readonly database: Database,
    private readonly principals: PrincipalsRepository,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /** Creates a principal and its first secret. */
  async create(
    wanted: CreatePrincipalRequest,
    granter: Granter,
  ): Promise<{ principal: PrincipalEntity; secret: IssuedSecret }> {
    const { name, scopes } = wanted;
    const now = this.clock.now();
    const id = uuidv7();
    return this.change(adminEvents.principalCreated, id, async (tx) => {
      await this.principals.lockAll(tx);
      await this.assertMayGrant(tx, granter, [adminScopes.principalsWrite.name, ...scopes]);
      const principal: PrincipalEntity = {
        id,
        name,
        status: 'active',
        scopes: [...new Set(scopes)],
        providerSubject: null,
        createdBy: operator(),
        createdAt: now,
        updatedAt: now,
      };
      if (!(await insertIfNew(tx, PrincipalEntity, principal, 'id')))
        throw principalError('principal.name_taken');
      const secret = await this.insertSecret(tx, id, { name: 'first' });
      return { result: { principal, secret }, details: { scopes: principal.scopes.join(' ') } };
    });
  }

  /** Newest first. The list has one item more than the limit of the page. */
  async list(keyset: Keyset): Promise<readonly PrincipalEntity[]> {
    return this.database.read((manager) => manager.find(PrincipalEntity, newestOf(keyset)));
  }

  async get(principalId: string): Promise<PrincipalEntity> {
    return this.database.read((manager) => this.getWithin(manager, principalId));
  }

  /** Tokens follow at once: they never have a scope that the principal lacks. */
  async update(
    principalId: string,
    change: ChangePrincipalRequest,
    granter: Granter,
  ): Promise<PrincipalEntity> {
    return this.change(adminEvents.principalChanged, principalId, async (tx) => {
      await this.principals.lockAll(tx);
      const before = await this.getWithin(tx, principalId);
      await this.assertMayGrant(tx, granter, [
        adminScopes.principalsWrite.name,
        ...before.scopes,
        ...(change.scopes ?? []),
      ]);
      if (change.scopes) assertNotMadeByProvider(before);
      const { name, status, scopes, providerSubject } = change;
      if (name !== undefined && name !== before.name && (await tx.existsBy(PrincipalEntity, { name })))
        throw principalError('principal.name_taken');
      if (providerSubject !== undefined) await this.link(tx, before, providerSubject);
      const changed = {
        ...(name === undefined ? {} : { name }),
        ...(status === undefined ? {} : { status }),
        ...(scopes === undefined ? {} : { scopes: [...new Set(scopes)] }),
        ...(providerSubject === undefined ? {} : { providerSubject }),
      };
      const row = { ...changed, updatedAt: this.clock.now() };
      await tx.update(PrincipalEntity, { id: principalId }, row);
      if (status === 'disabled') await tx.delete(PrincipalTokenEntity, { principalId });
      await this.assertAdministrated(tx, before);
      return {
        result: await this.getWithin(tx, principalId),
        details: {
          fields: Object.keys(changed).toSorted().join(' '),
          ...(scopes === undefined ? {} : { scopes: scopes.join(' ') }),
          ...(status === undefined ? {} : { status }),
        },
      };
    });
  }

  /**
   * The person of a principal that the provider created would come back as a new one, so such a principal can only be
   * disabled.
   */
  async remove(principalId: string, granter: Granter): Promise<void> {
    await this.change(adminEvents.principalRemoved, principalId, async (tx) => {
      await this.principals.lockAll(tx);
      const before = await this.getWithin(tx, principalId);
      await this.assertMayGrant(tx, granter, [adminScopes.principalsWrite.name, ...before.scopes]);
      assertNotMadeByProvider(before);
      await tx.delete(PrincipalEntity, { id: principalId });
      await this.assertAdministrated(tx, before);
      return { result: undefined, details: { name: before.name } };
    });
  }

  /** Oldest first. */
  async listSecrets(principalId: string): Promise<readonly PrincipalSecretEntity[]> {
    return this.database.read(async (manager) => {
      await this.getWithin(manager, principalId);
      return manager.find(PrincipalSecretEntity, { where: { principalId }, order: { id: 'ASC' } });
    });
  }

  /** The earliest expiry of a secret of an active principal. Secrets that have already expired do not count. */
  async nextExpiryOfSecrets(): Promise<Date | null> {
    return this.database.read((manager) => this.principals.findNextExpiry(manager, this.clock.now()));
  }

  async addSecret(principalId: string, wanted: NewPrincipalSecret, granter: Granter): Promise<IssuedSecret> {
    return this.change(adminEvents.principalSecretAdded, principalId, async (tx) => {
      await this.principals.lockAll(tx);
      await this.assertMayBecome(tx, granter, principalId);
      const { providerSubject } = await this.getWithin(tx, principalId);
      if (providerSubject !== null) throw principalError('principal.of_provider');
      if ((await tx.countBy(PrincipalSecretEntity, { principalId })) >= MAX_SECRETS)
        throw principalError('principal.too_many_secrets');
      const secret = await this.insertSecret(tx, principalId, wanted);
      return { result: secret, details: { secretId: secret.secretId } };
    });
  }

  /** Also ends the tokens that were issued for the secret. */
  async removeSecret(principalId: string, secretId: string, granter: Granter): Promise<void> {
    await this.change(adminEvents.principalSecretRemoved, principalId, async (tx) => {
      await this.principals.lockAll(tx);
      await this.assertMayBecome(tx, granter, principalId);
      if (!(await this.principals.deleteSecret(tx, principalId, secretId)))
        throw principalError('principal.secret_not_found');
      return { result: undefined, details: { secretId } };
    });
  }

  /** A caller that adds a secret to a principal can become it, also with a token that has fewer scopes. */
  private async assertMayBecome(tx: EntityManager, granter: Granter, principalId: string): Promise<void> {
    const { scopes } = await this.getWithin(tx, principalId);
    const isOneself = granter?.principalId === principalId;
    await this.assertMayGrant(
      tx,
      granter,
      isOneself ? scopes : [adminScopes.principalsWrite.name, ...scopes],
    );
  }

  /** Uses the present scopes of the granter's token: a parallel call may have changed them. */
  private async assertMayGrant(
    tx: EntityManager,
    granter: Granter,
    scopes: readonly string[],
  ): Promise<void> {
    if (!granter) return;
    await this.principals.lockAll(tx);
    const found = await this.principals.findToken(tx, granter.tokenDigest, this.clock.now());
    if (!found) throw principalError('principal.unauthenticated');
    const { token, principal } = found;
    const own = token.scopes.filter((scope) => principal.scopes.includes(scope));
    if (scopes.some((scope) => !own.includes(scope))) throw principalError('principal.exceeds_own_scopes');
  }

  private async getWithin(manager: EntityManager, principalId: string): Promise<PrincipalEntity> {
    const found = await manager.findOneBy(PrincipalEntity, { id: principalId });
    if (!found) throw principalError('principal.not_found');
    return found;
  }

  private async link(tx: EntityManager, before: PrincipalEntity, providerSubject: string): Promise<void> {
    assertNotMadeByProvider(before);
    const other = await tx.findOneBy(PrincipalEntity, { providerSubject });
    if (other && other.id !== before.id) throw principalError('principal.person_taken');
    await tx.delete(PrincipalTokenEntity, { principalId: before.id });
    await tx.delete(PrincipalSecretEntity, { principalId: before.id });
  }

  /** If an active principal could manage principals before the change, one must remain. */
  private async assertAdministrated(tx: EntityManager, before: PrincipalEntity): Promise<void> {
    if (before.status !== 'active' || !before.scopes.includes(adminScopes.principalsWrite.name)) return;
    if ((await this.principals.countWith(tx, adminScopes.principalsWrite)) === 0)
      throw principalError('principal.last_administrator');
  }

  private async insertSecret(
    tx: EntityManager,
    principalId: string,
    { name, expiresAt: end }: NewPrincipalSecret,
  ): Promise<IssuedSecret> {
    const createdAt = this.clock.now();
    const expiresAt = end ?? plusSeconds(createdAt, DEFAULT_DAYS * DAY_SECONDS);
    if (expiresAt > plusSeconds(createdAt, MAX_DAYS * DAY_SECONDS))
      throw invalidField('expiresAt', 'max', 'must be within a year');
    const clientSecret = `cs_ps_${randomBytes(SECRET_BYTES).toString('base64url')}`;
    const [id, digest] = [uuidv7(), tokenDigest(clientSecret)];
    const row = { id, principalId, name, digest, issuedBy: operator(), createdAt, expiresAt };
    await tx.insert(PrincipalSecretEntity, row);
    return { secretId: id, clientSecret, expiresAt };
  }

  private async change<T>(
    event: AuditedEvent,
    subject: string,
    work: (tx: EntityManager) => Promise<{ result: T; details: Record<string, string> }>,
  ): Promise<T> {
    return this.database.transaction(async (tx) => {
      const { result, details } = await work(tx);
      await this.audit.recordByOperator(tx, event, { subject, details });
      return result;
    });
  }
}

/** A scope that operators add would outlive the scopes that the provider gives. */
function assertNotMadeByProvider({ createdBy }: PrincipalEntity): void {
  if (createdBy === PROVIDER) throw principalError('principal.of_provider');
}
