import type { EntityManager } from 'typeorm';
import { WebhookEndpointEntity } from '../webhook.entity';
import { webhookError } from '../webhook.errors';

/** @throws AppError webhook.not_found */
export async function getEndpoint(manager: EntityManager, id: string): Promise<WebhookEndpointEntity> {
  return existing(await manager.findOneBy(WebhookEndpointEntity, { id }));
}

/** Until the end of the transaction; new deliveries of it do not wait. @throws AppError webhook.not_found */
export async function lockEndpoint(tx: EntityManager, id: string): Promise<WebhookEndpointEntity> {
  const lock = { mode: 'for_no_key_update' } as const;
  return existing(await tx.findOne(WebhookEndpointEntity, { where: { id }, lock }));
}

function existing(found: WebhookEndpointEntity | null): WebhookEndpointEntity {
  if (!found) throw webhookError('webhook.not_found');
  return found;
}
