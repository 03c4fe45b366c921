import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { KeyRing, open, SealError } from '@countersign/crypto';
import { Logger, Metrics } from '@countersign/observability';
import { parseSigningKey, type SigningKey } from '@countersign/webhook-sender';
import type { SecretRow } from './delivery.repository';

const CACHED_KEYS = 200;
const CACHED_MS = 60_000;

/** Opens the secrets of endpoints. Opened keys stay in memory for a minute. */
@Injectable()
export class SigningKeys {
  /** A changed secret has another sealed text, so no stale key is found. */
  private readonly opened = new LRUCache<string, SigningKey>({ max: CACHED_KEYS, ttl: CACHED_MS });

  constructor(
    private readonly keyRing: KeyRing,
    private readonly metrics: Metrics,
    private readonly logger: Logger,
  ) {}

  /** The keys in the same order, without those that cannot be opened, which are logged. */
  open(secrets: readonly SecretRow[]): readonly SigningKey[] {
    return secrets.flatMap((secret) => this.openOne(secret) ?? []);
  }

  private openOne({ id, secret }: SecretRow): SigningKey | null {
    const known = this.opened.get(`${id}/${secret}`);
    if (known) return known;
    try {
      const aad = { table: 'webhook_secrets', column: 'secret', row: id };
      const parsed = parseSigningKey(open((keyId) => this.keyRing.find('sealing', keyId), aad, secret));
      if (!parsed.ok) throw new SealError('malformed');
      this.opened.set(`${id}/${secret}`, parsed.value);
      return parsed.value;
    } catch (error) {
      if (!(error instanceof SealError)) throw error;
      this.metrics.dataUnreadable();
      this.logger.error({ err: error, secretId: id }, 'the secret of a webhook endpoint cannot be opened');
      return null;
    }
  }
}
