import { Injectable } from '@nestjs/common';
import { MoreThan, type EntityManager } from 'typeorm';
import { insertIfNew, newestOf } from '@countersign/database';
import type { Keyset } from '@countersign/http';
import type { Scope } from '../scopes';
import { PrincipalTokenEntity } from './principal-token.entity';
import { PrincipalEntity, PROVIDER } from './principal.entity';
import { PrincipalSecretEntity } from './principal-secret.entity';

export interface FoundToken {
  readonly token: PrincipalTokenEntity;
  readonly principal: PrincipalEntity;
}

@Injectable()
export class PrincipalsRepository {
  /** @returns false when the name is taken. */
  async insertIfNew(tx: EntityManager, principal: PrincipalEntity): Promise<boolean> {
    return insertIfNew(tx, PrincipalEntity, principal, 'id');
  }

  /** Makes changes of principals wait for each other, so that one administrator remains. Readers do not wait. */
  async lockAll(tx: EntityManager): Promise<void> {
    await tx.query('LOCK TABLE principals IN SHARE ROW EXCLUSIVE MODE');
  }

  async find(manager: EntityManager, id: string): Promise<PrincipalEntity | null> {
    return manager.findOneBy(PrincipalEntity, { id });
  }

  /** Changes of it wait until the transaction ends, so that they see its token. */
  async findUnchanging(tx: EntityManager, id: string): Promise<PrincipalEntity | null> {
    return tx.findOne(PrincipalEntity, { where: { id }, lock: { mode: 'pessimistic_read' } });
  }

  async list(manager: EntityManager, keyset: Keyset): Promise<readonly PrincipalEntity[]> {
    return manager.find(PrincipalEntity, newestOf(keyset));
  }

  async isNameTaken(manager: EntityManager, name: string): Promise<boolean> {
    return manager.existsBy(PrincipalEntity, { name });
  }

  async update(tx: EntityManager, id: string, change: Partial<PrincipalEntity>): Promise<void> {
    await tx.update(PrincipalEntity, { id }, change);
  }

  async delete(tx: EntityManager, id: string): Promise<void> {
    await tx.delete(PrincipalEntity, { id });
  }

  /** How many active principals have the scope. Those that name a person do not count: our own provider may be away. */
  async countWith(manager: EntityManager, scope: Scope): Promise<number> {
    return manager
      .createQueryBuilder(PrincipalEntity, 'principal')
      .where(`principal.status = 'active' AND :scope = ANY(principal.scopes)`, { scope })
      .andWhere(`(principal.providerSubject IS NULL OR principal.createdBy = :by)`, { by: PROVIDER })
      .getCount();
  }

  async listSecrets(manager: EntityManager, principalId: string): Promise<readonly PrincipalSecretEntity[]> {
    return manager.find(PrincipalSecretEntity, { where: { principalId }, order: { id: 'ASC' } });
  }

  /** The first expiry after `now` of secrets of active principals. */
  async findNextExpiry(manager: EntityManager, now: Date): Promise<Date | null> {
    const next = await manager
      .createQueryBuilder(PrincipalSecretEntity, 'secret')
      .innerJoin(PrincipalEntity, 'principal', 'principal.id = secret.principalId')
      .where(`principal.status = 'active' AND secret.expiresAt > :now`, { now })
      .orderBy('secret.expiresAt')
      .getOne();
    return next?.expiresAt ?? null;
  }

  async insertSecret(tx: EntityManager, secret: PrincipalSecretEntity): Promise<void> {
    await tx.insert(PrincipalSecretEntity, secret);
  }

  /** By the digest of the secret; `null` for an expired one too. */
  async findSecret(
    manager: EntityManager,
    principalId: string,
    digest: Buffer,
    now: Date,
  ): Promise<PrincipalSecretEntity | null> {
    return manager.findOneBy(PrincipalSecretEntity, { principalId, digest, expiresAt: MoreThan(now) });
  }

  /** Stores the time of the use. @returns false when it was removed meanwhile */
  async useSecret(tx: EntityManager, { id }: PrincipalSecretEntity, now: Date): Promise<boolean> {
    return (await tx.update(PrincipalSecretEntity, { id }, { lastUsedAt: now })).affected === 1;
  }

  /** With the tokens that were issued for it. @returns false when there is none. */
  async deleteSecret(tx: EntityManager, principalId: string, id: string): Promise<boolean> {
    await tx.delete(PrincipalTokenEntity, { secretId: id, principalId });
    return (await tx.delete(PrincipalSecretEntity, { id, principalId })).affected === 1;
  }

  async insertToken(tx: EntityManager, token: PrincipalTokenEntity): Promise<void> {
    await tx.insert(PrincipalTokenEntity, token);
  }

  async findToken(manager: EntityManager, digest: Buffer, now: Date): Promise<FoundToken | null> {
    const token = await manager.findOneBy(PrincipalTokenEntity, { digest, expiresAt: MoreThan(now) });
    const principal =
      token && (await manager.findOneBy(PrincipalEntity, { id: token.principalId, status: 'active' }));
    return token && principal && { token, principal };
  }

  /** Nothing where the session has ended meanwhile. */
  async slide(tx: EntityManager, session: PrincipalTokenEntity, expiresAt: Date): Promise<void> {
    await tx.update(PrincipalTokenEntity, { digest: session.digest }, { expiresAt });
  }

  /** @returns false when there is none. */
  async deleteSession(tx: EntityManager, principalId: string, sessionId: string): Promise<boolean> {
    const { affected } = await tx.delete(PrincipalTokenEntity, { principalId, sessionId });
    return affected === 1;
  }

  async findOfProvider(tx: EntityManager, providerSubject: string): Promise<PrincipalEntity | null> {
    return tx.findOneBy(PrincipalEntity, { providerSubject });
  }

  async deleteSecrets(tx: EntityManager, principalId: string): Promise<void> {
    await tx.delete(PrincipalSecretEntity, { principalId });
  }

  async deleteTokens(tx: EntityManager, principalId: string): Promise<void> {
    await tx.delete(PrincipalTokenEntity, { principalId });
  }
}
