import { Injectable } from '@nestjs/common';
import { IsNull, MoreThan, type EntityManager } from 'typeorm';
import { WebhookSecretEntity } from '../webhook-secret.entity';

@Injectable()
export class WebhookSecretsRepository {
  async insert(tx: EntityManager, secret: WebhookSecretEntity): Promise<void> {
    await tx.insert(WebhookSecretEntity, secret);
  }

  async countLiving(tx: EntityManager, endpointId: string, now: Date): Promise<number> {
    return tx.countBy(WebhookSecretEntity, [
      { endpointId, expiresAt: IsNull() },
      { endpointId, expiresAt: MoreThan(now) },
    ]);
  }

  /** Those that would last longer expire then. */
  async expireAt(tx: EntityManager, endpointId: string, instant: Date): Promise<void> {
    const expiresAt = instant;
    await tx.update(WebhookSecretEntity, { endpointId, expiresAt: IsNull() }, { expiresAt });
    await tx.update(WebhookSecretEntity, { endpointId, expiresAt: MoreThan(instant) }, { expiresAt });
  }
}
