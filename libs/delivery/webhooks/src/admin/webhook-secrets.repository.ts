import { Injectable } from '@nestjs/common';
import { Brackets, type EntityManager } from 'typeorm';
import { WebhookSecretEntity } from '../webhook-secret.entity';

@Injectable()
export class WebhookSecretsRepository {
  async insert(tx: EntityManager, secret: WebhookSecretEntity): Promise<void> {
    await tx.insert(WebhookSecretEntity, secret);
  }

  /** Oldest first, also those that have expired. */
  async list(manager: EntityManager, endpointId: string): Promise<readonly WebhookSecretEntity[]> {
    return manager.find(WebhookSecretEntity, { where: { endpointId }, order: { id: 'ASC' } });
  }

  /** Those that would last longer expire then. */
  async expireAt(tx: EntityManager, endpointId: string, instant: Date): Promise<void> {
    await tx
      .createQueryBuilder()
      .update(WebhookSecretEntity)
      .set({ expiresAt: instant })
      .where('endpoint_id = :endpointId', { endpointId })
      .andWhere(
        new Brackets((either) => {
          either.where('expires_at IS NULL').orWhere('expires_at > :instant', { instant });
        }),
      )
      .execute();
  }

  async delete(tx: EntityManager, id: string): Promise<void> {
    await tx.delete(WebhookSecretEntity, { id });
  }
}
