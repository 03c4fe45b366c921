import { Injectable } from '@nestjs/common';
import { IsNull, MoreThan, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { AuditService, operator } from '@countersign/audit';
import { Clock, DAY } from '@countersign/clock';
import { KeyRing, seal } from '@countersign/crypto';
import { Database } from '@countersign/database';
import { generateSigningSecret } from '@countersign/webhook-sender';
import { WebhookEndpointEntity, WebhookSecretEntity } from '../webhook.entity';
import { webhookError } from '../webhook.errors';
import type { IssuedWebhookSecretResponse } from './dto/webhook.dto';
import { lockEndpoint, MAX_SECRETS } from './webhook';

const OVERLAP_MS = DAY;

/** The keys that deliveries to an endpoint are signed with. One that does not expire remains. */
@Injectable()
export class WebhookSecrets {
  constructor(
    private readonly database: Database,
    private readonly audit: AuditService,
    private readonly keyRing: KeyRing,
    private readonly clock: Clock,
  ) {}

  /**
   * Until the older ones expire, deliveries have the signatures of all.
   * @param overlapUntil when they expire; in a day by default
   * @throws AppError webhook.not_found, webhook.too_many_secrets
   */
  async add(
    endpointId: string,
    overlapUntil = new Date(this.clock.now().getTime() + OVERLAP_MS),
  ): Promise<IssuedWebhookSecretResponse> {
    return this.database.transaction(async (tx) => {
      const now = this.clock.now();
      await lockEndpoint(tx, endpointId);
      await tx.update(WebhookEndpointEntity, { id: endpointId }, { updatedAt: now });
      // An overlap that ends now makes room.
      for (const which of livingAt(endpointId, overlapUntil))
        await tx.update(WebhookSecretEntity, which, { expiresAt: overlapUntil });
      if ((await tx.countBy(WebhookSecretEntity, livingAt(endpointId, now))) >= MAX_SECRETS)
        throw webhookError('webhook.too_many_secrets', { detail: `The limit is ${MAX_SECRETS}.` });
      const added = await this.issue(tx, endpointId);
      const { secretId } = added;
      const details = { secretId, overlapUntil: overlapUntil.toISOString() };
      await this.audit.record(tx, 'webhook.secret_added', {
        actor: operator(),
        subject: endpointId,
        details,
      });
      return added;
    });
  }

  /** Creates one for an endpoint. The caller records it. */
  async issue(tx: EntityManager, endpointId: string): Promise<IssuedWebhookSecretResponse> {
    const secretId = uuidv7();
    const secret = generateSigningSecret();
    await tx.insert(WebhookSecretEntity, {
      id: secretId,
      endpointId,
      secret: seal(this.keyRing, { table: 'webhook_secrets', column: 'secret', row: secretId }, secret),
      createdAt: this.clock.now(),
      expiresAt: null,
    });
    return { secretId, secret };
  }
}

/** Secrets that have not expired then. */
function livingAt(endpointId: string, instant: Date) {
  return [
    { endpointId, expiresAt: IsNull() },
    { endpointId, expiresAt: MoreThan(instant) },
  ];
}
