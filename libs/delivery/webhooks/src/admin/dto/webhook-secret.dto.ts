import { Id, Instant, ListOf, OneOf, Text } from '@countersign/http';
import {
  webhookSecretKinds,
  type WebhookSecretEntity,
  type WebhookSecretKind,
} from '../../webhook-secret.entity';
import type { IssuedWebhookSecret } from '../webhook';
import type { WantedWebhookSecret } from '../webhook-secrets';
import { EVENT_ID, INSTANT } from './webhook-fields';

function Signature(): PropertyDecorator {
  return OneOf(
    webhookSecretKinds,
    '`hmac`: the signature `v1` of Standard Webhooks 1.0; `ed25519`: `v1a`.',
    'hmac',
    { name: 'WebhookSignature' },
  );
}
function PublicKey(): PropertyDecorator {
  return Text('What receivers verify `ed25519` signatures with; null of `hmac`.', null, { nullable: true });
}

export class AddWebhookSecretRequest {
  @OneOf(webhookSecretKinds, 'By default that of the newest secret.', 'hmac', {
    input: 'optional',
    name: 'WebhookSignature',
  })
  signature?: WebhookSecretKind;

  @Instant('Until then the older secrets sign too; for 24 hours by default.', INSTANT, { input: 'optional' })
  overlapUntil?: string;

  toWanted(): WantedWebhookSecret {
    const { signature: kind, overlapUntil } = this;
    return {
      signature: kind,
      overlapUntil: overlapUntil === undefined ? undefined : new Date(overlapUntil),
    };
  }
}

export class IssuedWebhookSecretResponse {
  @Id('Its id.', EVENT_ID)
  secretId: string;

  @Signature()
  signature: WebhookSecretKind;

  @Text(
    'The secret of `hmac`: it is not shown again. The private key of `ed25519` is never shown.',
    'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    { nullable: true },
  )
  secret: string | null;

  @PublicKey()
  publicKey: string | null;

  static of({ secretId, kind, secret, publicKey: key }: IssuedWebhookSecret): IssuedWebhookSecretResponse {
    return { secretId, signature: kind, secret, publicKey: key };
  }
}

export class WebhookSecretResponse {
  @Id('Its id.', EVENT_ID)
  secretId: string;

  @Signature()
  signature: WebhookSecretKind;

  @PublicKey()
  publicKey: string | null;

  @Instant('When it was added.', INSTANT)
  createdAt: string;

  @Instant('Until when it signs; null of the one that does not expire.', null, { nullable: true })
  expiresAt: string | null;

  static of({ id, kind, publicKey: key, createdAt, expiresAt }: WebhookSecretEntity): WebhookSecretResponse {
    return {
      secretId: id,
      signature: kind,
      publicKey: key,
      createdAt: createdAt.toISOString(),
      expiresAt: expiresAt?.toISOString() ?? null,
    };
  }
}

export class WebhookSecretsResponse {
  @ListOf(WebhookSecretResponse, 'Those that have not expired, oldest first.')
  items: readonly WebhookSecretResponse[];
}
