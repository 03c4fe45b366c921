import { Injectable } from '@nestjs/common';
import { In, IsNull, LessThan, LessThanOrEqual, MoreThan, Not, Or, type EntityManager } from 'typeorm';
import { insertIfNew } from '@countersign/database';
import type { Keyset } from '@countersign/http';
import { principalError } from '../admin.errors';
import type { Scope } from '../scopes';
import { PrincipalCodes } from './principal-codes';
import { PrincipalAssertionEntity, PrincipalTokenEntity } from './principal-token.entity';
import { PrincipalEntity } from './principal.entity';
import { PrincipalSecretEntity } from './principal-secret.entity';

/** A token, and who it was issued to. */
export interface FoundToken {
  readonly token: PrincipalTokenEntity;
  readonly principal: PrincipalEntity;
}

/** Principals with their secrets and tokens. A row without its code, which the service did not write, grants nothing. */
@Injectable()
export class PrincipalsRepository {
  constructor(private readonly codes: PrincipalCodes) {}

  /** @returns false when the name is taken. */
  async insertIfNew(tx: EntityManager, principal: PrincipalEntity): Promise<boolean> {
    return insertIfNew(tx, PrincipalEntity, this.codes.coded('principals', principal), 'id');
  }

  /** Makes changes of principals wait for each other, so that one administrator remains. Readers do not wait. */
  async lockAll(tx: EntityManager): Promise<void> {
    await tx.query('LOCK TABLE principals IN SHARE ROW EXCLUSIVE MODE');
  }

  async find(manager: EntityManager, id: string): Promise<PrincipalEntity | null> {
    return manager.findOneBy(PrincipalEntity, { id });
  }

  /** @returns null also for a row that this service did not write */
  async findGenuine(manager: EntityManager, id: string): Promise<PrincipalEntity | null> {
    return this.codes.genuine('principals', await this.find(manager, id));
  }

  /** Changes of it wait until the transaction ends, so that they see its token. */
  async findUnchanging(tx: EntityManager, id: string): Promise<PrincipalEntity | null> {
    const found = await tx.findOne(PrincipalEntity, { where: { id }, lock: { mode: 'pessimistic_read' } });
    return this.codes.genuine('principals', found);
  }

  async list(manager: EntityManager, { afterId, limit }: Keyset): Promise<readonly PrincipalEntity[]> {
    return manager.find(PrincipalEntity, {
      where: afterId === null ? {} : { id: LessThan(afterId) },
      order: { id: 'DESC' },
      take: limit + 1,
    });
  }

  async isNameTaken(manager: EntityManager, name: string): Promise<boolean> {
    return manager.existsBy(PrincipalEntity, { name });
  }

  /** @throws AppError principal.forged */
  async update(tx: EntityManager, id: string, change: Partial<PrincipalEntity>): Promise<void> {
    const before = await this.findGenuine(tx, id);
    if (!before) throw principalError('principal.forged');
    const { mac, macKeyId } = this.codes.coded('principals', { ...before, ...change });
    await tx.update(PrincipalEntity, { id }, { ...change, mac, macKeyId });
  }

  async delete(tx: EntityManager, id: string): Promise<void> {
    await tx.delete(PrincipalEntity, { id });
  }

  /** How many active principals have the scope. */
  async countWith(manager: EntityManager, scope: Scope): Promise<number> {
    return manager
      .createQueryBuilder(PrincipalEntity, 'principal')
      .where(`principal.status = 'active' AND :scope = ANY(principal.scopes)`, { scope })
      .getCount();
  }

  async listSecrets(manager: EntityManager, principalId: string): Promise<readonly PrincipalSecretEntity[]> {
    return manager.find(PrincipalSecretEntity, { where: { principalId }, order: { id: 'ASC' } });
  }

  /** The first expiry after `now` of secrets of active principals that are not for one use. */
  async findNextExpiry(manager: EntityManager, now: Date): Promise<Date | null> {
    const next = await manager
      .createQueryBuilder(PrincipalSecretEntity, 'secret')
      .innerJoin(PrincipalEntity, 'principal', 'principal.id = secret.principalId')
      .where(`principal.status = 'active' AND NOT secret.isOneTime AND secret.expiresAt > :now`, { now })
      .orderBy('secret.expiresAt')
      .getOne();
    return next?.expiresAt ?? null;
  }

  /** Call it after `lockAll`. */
  async insertSecret(tx: EntityManager, secret: PrincipalSecretEntity): Promise<void> {
    await tx.insert(PrincipalSecretEntity, this.codes.coded('principal_secrets', secret));
    await this.changeSecretIds(tx, secret.principalId, (ids) => [...ids, secret.id]);
  }

  /** By the digest of the secret; `null` for an expired one too. */
  async findSecret(
    manager: EntityManager,
    principalId: string,
    digest: Buffer,
    now: Date,
  ): Promise<PrincipalSecretEntity | null> {
    const found = await manager.findOneBy(PrincipalSecretEntity, {
      principalId,
      digest,
      expiresAt: Or(IsNull(), MoreThan(now)),
    });
    return this.codes.genuine('principal_secrets', found);
  }

  /** Removes a one-time secret, for which the caller called `lockAll`, or notes the use. */
  async useSecret(
    tx: EntityManager,
    { id, principalId, isOneTime }: PrincipalSecretEntity,
    now: Date,
  ): Promise<void> {
    if (isOneTime) await this.removeSecret(tx, principalId, id);
    else await tx.update(PrincipalSecretEntity, { id }, { lastUsedAt: now });
  }

  /** With the tokens that were issued for it. Call it after `lockAll`. @returns false when there is none. */
  async deleteSecret(tx: EntityManager, principalId: string, id: string): Promise<boolean> {
    await tx.delete(PrincipalTokenEntity, { secretId: id, principalId });
    return this.removeSecret(tx, principalId, id);
  }

  private async removeSecret(tx: EntityManager, principalId: string, id: string): Promise<boolean> {
    const { affected } = await tx.delete(PrincipalSecretEntity, { id, principalId });
    if (affected !== 1) return false;
    await this.changeSecretIds(tx, principalId, (ids) => ids.filter((one) => one !== id));
    return true;
  }

  private async changeSecretIds(
    tx: EntityManager,
    principalId: string,
    change: (ids: readonly string[]) => string[],
  ): Promise<void> {
    const principal = await this.find(tx, principalId);
    if (principal) await this.update(tx, principalId, { secretIds: change(principal.secretIds) });
  }

  async insertToken(tx: EntityManager, token: PrincipalTokenEntity): Promise<void> {
    await tx.insert(PrincipalTokenEntity, this.codes.coded('principal_tokens', token));
  }

  async findToken(manager: EntityManager, digest: Buffer, now: Date): Promise<FoundToken | null> {
    const token = this.codes.genuine(
      'principal_tokens',
      await manager.findOneBy(PrincipalTokenEntity, { digest, expiresAt: MoreThan(now) }),
    );
    const principal =
      token && (await manager.findOneBy(PrincipalEntity, { id: token.principalId, status: 'active' }));
    return token && this.codes.genuine('principals', principal) && principal && { token, principal };
  }

  /** Sessions of the console, newest first. */
  async listSessions(
    manager: EntityManager,
    principalId: string,
    now: Date,
  ): Promise<readonly PrincipalTokenEntity[]> {
    return manager.find(PrincipalTokenEntity, {
      where: { principalId, sessionId: Not(IsNull()), expiresAt: MoreThan(now) },
      order: { sessionId: 'DESC' },
    });
  }

  /** Nothing where the session has ended meanwhile. */
  async slide(tx: EntityManager, session: PrincipalTokenEntity, expiresAt: Date): Promise<void> {
    const { digest, mac, macKeyId } = this.codes.coded('principal_tokens', { ...session, expiresAt });
    await tx.update(PrincipalTokenEntity, { digest }, { expiresAt, mac, macKeyId });
  }

  /** @returns false when there is none. */
  async deleteSession(tx: EntityManager, principalId: string, sessionId: string): Promise<boolean> {
    const { affected } = await tx.delete(PrincipalTokenEntity, { principalId, sessionId });
    return affected === 1;
  }

  async findOfProvider(tx: EntityManager, providerSubject: string): Promise<PrincipalEntity | null> {
    return this.codes.genuine('principals', await tx.findOneBy(PrincipalEntity, { providerSubject }));
  }

  async deleteTokens(tx: EntityManager, principalId: string): Promise<void> {
    await tx.delete(PrincipalTokenEntity, { principalId });
  }

  /** Those for client assertions, and for secrets that were for one use. */
  async deleteTokensWithoutSecret(tx: EntityManager, principalId: string): Promise<void> {
    await tx.delete(PrincipalTokenEntity, { principalId, secretId: IsNull() });
  }

  /** @returns false when it was used before. */
  async claimAssertion(tx: EntityManager, assertion: PrincipalAssertionEntity): Promise<boolean> {
    return insertIfNew(tx, PrincipalAssertionEntity, assertion, 'expires_at');
  }

  /** @returns how many tokens and assertions were deleted: at most `limit` of each. */
  async deleteExpired(tx: EntityManager, now: Date, limit: number): Promise<number> {
    let deleted = 0;
    for (const entity of [PrincipalTokenEntity, PrincipalAssertionEntity]) {
      const expired = await tx.find(entity, {
        select: { digest: true },
        where: { expiresAt: LessThanOrEqual(now) },
        take: limit,
      });
      if (expired.length === 0) continue;
      await tx.delete(entity, { digest: In(expired.map(({ digest }) => digest)) });
      deleted += expired.length;
    }
    return deleted;
  }
}
