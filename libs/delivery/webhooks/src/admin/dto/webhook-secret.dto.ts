import { Id, Instant, ListOf, Text } from '@countersign/http';
import type { WebhookSecretEntity } from '../../webhook-secret.entity';
import type { IssuedWebhookSecret } from '../webhook';
import { EVENT_ID, INSTANT } from './webhook-fields';

export class AddWebhookSecretRequest {
  @Instant('Until then the older secrets sign too; for 24 hours by default.', INSTANT, { input: 'optional' })
  overlapUntil?: string;

  until(): Date | undefined {
    return this.overlapUntil === undefined ? undefined : new Date(this.overlapUntil);
  }
}

export class IssuedWebhookSecretResponse {
  @Id('Its id.', EVENT_ID)
  secretId: string;

  @Text('The secret: it is not shown again.', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw')
  secret: string;

  static of({ secretId, secret }: IssuedWebhookSecret): IssuedWebhookSecretResponse {
    return { secretId, secret };
  }
}

export class WebhookSecretResponse {
  @Id('Its id.', EVENT_ID)
  secretId: string;

  @Instant('When it was added.', INSTANT)
  createdAt: string;

  @Instant('Until when it signs; null of the one that does not expire.', null, { nullable: true })
  expiresAt: string | null;

  static of({ id, createdAt, expiresAt }: WebhookSecretEntity): WebhookSecretResponse {
    return {
      secretId: id,
      createdAt: createdAt.toISOString(),
      expiresAt: expiresAt?.toISOString() ?? null,
    };
  }
}

export class WebhookSecretsResponse {
  @ListOf(WebhookSecretResponse, 'Those that have not expired, oldest first.')
  items: readonly WebhookSecretResponse[];
}
