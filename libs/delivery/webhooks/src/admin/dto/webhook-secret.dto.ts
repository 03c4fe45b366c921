import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { IsInstant, MayBeAbsent } from '@countersign/http';
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

  @ApiPropertyOptional({
    format: 'date-time',
    description: 'Until then the older secrets sign too; for 24 hours by default.',
    example: INSTANT,
  })
  @MayBeAbsent()
  @IsInstant()
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
  @ApiProperty({ format: 'uuid', description: 'Its id.', example: EVENT_ID })
  secretId: string;

  @ApiProperty(signature)
  signature: WebhookSecretKind;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The secret of `hmac`: it is not shown again. The private key of `ed25519` is never shown.',
    example: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  })
  secret: string | null;

  @ApiProperty(publicKey)
  publicKey: string | null;

  static of({ secretId, kind, secret, publicKey: key }: IssuedWebhookSecret): IssuedWebhookSecretResponse {
    return { secretId, signature: kind, secret, publicKey: key };
  }
}

export class WebhookSecretResponse {
  @ApiProperty({ format: 'uuid', description: 'Its id.', example: EVENT_ID })
  secretId: string;

  @ApiProperty(signature)
  signature: WebhookSecretKind;

  @ApiProperty(publicKey)
  publicKey: string | null;

  @ApiProperty({ format: 'date-time', description: 'When it was added.', example: INSTANT })
  createdAt: string;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'Until when it signs; null of the one that does not expire.',
    example: null,
  })
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
  @ApiProperty({ type: [WebhookSecretResponse], description: 'Those that have not expired, oldest first.' })
  items: readonly WebhookSecretResponse[];
}
