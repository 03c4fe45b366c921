import { Injectable } from '@nestjs/common';
import { MoreThan, Raw, type EntityManager } from 'typeorm';
import type { Scope } from '../scopes';
import { PrincipalEntity, PrincipalSecretEntity, PrincipalTokenEntity, PROVIDER } from './principal.entity';

export interface FoundToken {
  readonly token: PrincipalTokenEntity;
  readonly principal: PrincipalEntity;
}

/** A restored backup contains ended console sessions. A session that may be older than the restore never counts. */
const isOfThisDatabase = (beganAt: string): string =>
  `(${beganAt} < (SELECT GREATEST(disputed_since, proofs_not_before) FROM installation)) IS NOT TRUE`;

@Injectable()
export class PrincipalsRepository {
  /** Serialises changes of principals, so that one administrator remains. Readers do not wait. */
  async lockAll(tx: EntityManager): Promise<void> {
    await tx.query('LOCK TABLE principals IN SHARE ROW EXCLUSIVE MODE');
  }

  /** Changes of the principal wait until the transaction ends, so that they see its new token. */
  async findUnchanging(tx: EntityManager, id: string): Promise<PrincipalEntity | null> {
    return tx.findOne(PrincipalEntity, { where: { id }, lock: { mode: 'pessimistic_read' } });
  }

  /** Counts active principals with the scope, without people: the company's provider may be down. */
  async countWith(manager: EntityManager, scope: Scope): Promise<number> {
    return manager
      .createQueryBuilder(PrincipalEntity, 'principal')
      .where(`principal.status = 'active' AND :scope = ANY(principal.scopes)`, { scope: scope.name })
      .andWhere(`(principal.providerSubject IS NULL OR principal.createdBy = :by)`, { by: PROVIDER })
      .getCount();
  }

  async findNextExpiry(manager: EntityManager, now: Date): Promise<Date | null> {
    const next = await manager
      .createQueryBuilder(PrincipalSecretEntity, 'secret')
      .innerJoin(PrincipalEntity, 'principal', 'principal.id = secret.principalId')
      .where(`principal.status = 'active' AND secret.expiresAt > :now`, { now })
      .orderBy('secret.expiresAt')
      .getOne();
    return next?.expiresAt ?? null;
  }

  /** `null` for an expired secret too. */
  async findSecret(
    manager: EntityManager,
    principalId: string,
    digest: Buffer,
    now: Date,
  ): Promise<PrincipalSecretEntity | null> {
    return manager.findOneBy(PrincipalSecretEntity, { principalId, digest, expiresAt: MoreThan(now) });
  }

  /** @returns false when the secret was removed meanwhile */
  async useSecret(tx: EntityManager, { id }: PrincipalSecretEntity, now: Date): Promise<boolean> {
    return (await tx.update(PrincipalSecretEntity, { id }, { lastUsedAt: now })).affected === 1;
  }

  /** Deletes the secret, and the tokens that were issued for it. @returns false when there is no such secret */
  async deleteSecret(tx: EntityManager, principalId: string, id: string): Promise<boolean> {
    await tx.delete(PrincipalTokenEntity, { secretId: id, principalId });
    return (await tx.delete(PrincipalSecretEntity, { id, principalId })).affected === 1;
  }

  async findToken(manager: EntityManager, digest: Buffer, now: Date): Promise<FoundToken | null> {
    const token = await manager.findOneBy(PrincipalTokenEntity, {
      ...{ digest, expiresAt: MoreThan(now), beganAt: Raw(isOfThisDatabase) },
    });
    const principal =
      token && (await manager.findOneBy(PrincipalEntity, { id: token.principalId, status: 'active' }));
    return token && principal && { token, principal };
  }
}
