import type { KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { KeyRing, open, SealError } from '@countersign/crypto';
import { Logger, Metrics } from '@countersign/observability';
import { parseSigningKey } from '@countersign/webhook-sender';
import type { SecretRow } from './delivery.repository';

/** Opens the secrets of endpoints. */
@Injectable()
export class SigningKeys {
  constructor(
    private readonly keyRing: KeyRing,
    private readonly metrics: Metrics,
    private readonly logger: Logger,
  ) {}

  /** The keys in the same order, without those that cannot be opened, which are logged. */
  open(secrets: readonly SecretRow[]): readonly KeyObject[] {
    return secrets.flatMap((secret) => this.openOne(secret) ?? []);
  }

  private openOne({ id, secret }: SecretRow): KeyObject | null {
    try {
      const aad = { table: 'webhook_secrets', column: 'secret', row: id };
      const parsed = parseSigningKey(open(this.keyRing, aad, secret));
      if (!parsed.ok) throw new SealError('malformed');
      return parsed.value;
    } catch (error) {
      if (!(error instanceof SealError)) throw error;
      this.metrics.dataUnreadable({});
      this.logger.error({ err: error, secretId: id }, 'the secret of a webhook endpoint cannot be opened');
      return null;
    }
  }
}
