import { Id, Instant, Text } from '@countersign/http';
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
}
