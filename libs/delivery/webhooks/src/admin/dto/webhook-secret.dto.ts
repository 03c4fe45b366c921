import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { Id, Instant, ListOf, MayBeAbsent, Text } from '@countersign/http';
import {
  webhookSecretKinds,
  type WebhookSecretEntity,
  type WebhookSecretKind,
} from '../../webhook-secret.entity';
import type { IssuedWebhookSecret } from '../webhook';
import type { WantedWebhookSecret } from '../webhook-secrets';
import { EVENT_ID, INSTANT, signatureField } from './webhook-fields';

const signature = { ...signatureField, enum: [...webhookSecretKinds], enumName: 'WebhookSignature' };
const publicKey = {
  type: String,
  nullable: true,
  description: 'What receivers verify `ed25519` signatures with; null of `hmac`.',
  example: null,
};

export class AddWebhookSecretRequest {
  @ApiPropertyOptional({ ...signature, description: 'By default that of the newest secret.' })
  @MayBeAbsent()
  @IsIn(webhookSecretKinds)
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

  @ApiProperty(signature)
  signature: WebhookSecretKind;

  @Text(
    'The secret of `hmac`: it is not shown again. The private key of `ed25519` is never shown.',
    'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    { nullable: true },
  )
  secret: string | null;

  @ApiProperty(publicKey)
  publicKey: string | null;

  static of({ secretId, kind, secret, publicKey: key }: IssuedWebhookSecret): IssuedWebhookSecretResponse {
    return { secretId, signature: kind, secret, publicKey: key };
  }
}

export class WebhookSecretResponse {
  @Id('Its id.', EVENT_ID)
  secretId: string;

  @ApiProperty(signature)
  signature: WebhookSecretKind;

  @ApiProperty(publicKey)
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
