import { Injectable } from '@nestjs/common';
import { ArrayContains, type EntityManager } from 'typeorm';
import { newestOf } from '@countersign/database';
import type { Keyset } from '@countersign/http';
import { ALL_TYPES } from '../subscribed-types';
import { WebhookEndpointEntity } from '../webhook-endpoint.entity';

/** Endpoints for operators. There are few: no list needs an index. */
@Injectable()
export class EndpointsRepository {
  /** Creations wait for each other until the end of the transaction, so that their number has a limit. */
  async lockCreation(tx: EntityManager): Promise<void> {
    await tx.query('SELECT pg_advisory_xact_lock(hashtext($1))', ['countersign/webhook-endpoints']);
  }

  async countAll(manager: EntityManager): Promise<number> {
    return manager.count(WebhookEndpointEntity);
  }

  async insert(tx: EntityManager, endpoint: WebhookEndpointEntity): Promise<void> {
    await tx.insert(WebhookEndpointEntity, endpoint);
  }

  async find(manager: EntityManager, id: string): Promise<WebhookEndpointEntity | null> {
    return manager.findOneBy(WebhookEndpointEntity, { id });
  }

  /** Locked until the end of the transaction. New deliveries of it do not wait. */
  async lock(tx: EntityManager, id: string): Promise<WebhookEndpointEntity | null> {
    return tx.findOne(WebhookEndpointEntity, { where: { id }, lock: { mode: 'for_no_key_update' } });
  }

  async update(tx: EntityManager, id: string, columns: Partial<WebhookEndpointEntity>): Promise<void> {
    await tx.update(WebhookEndpointEntity, { id }, columns);
  }

  /** With its secrets and deliveries. @returns false when there is none */
  async delete(tx: EntityManager, id: string): Promise<boolean> {
    const { affected } = await tx.delete(WebhookEndpointEntity, { id });
    return affected === 1;
  }

  /** Newest first; one more than the limit. */
  async list(manager: EntityManager, keyset: Keyset): Promise<readonly WebhookEndpointEntity[]> {
    return manager.find(WebhookEndpointEntity, newestOf(keyset));
  }

  /** Active ones that ask for all types. */
  async findAskingForAll(manager: EntityManager): Promise<readonly WebhookEndpointEntity[]> {
    return manager.findBy(WebhookEndpointEntity, { status: 'active', types: ArrayContains([ALL_TYPES]) });
  }
}
