import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { sealedText, type Sealed } from '@countersign/crypto';
import { firstRow } from '@countersign/database';
import {
  BringsToActiveKey,
  digestsOfKind,
  DigestWork,
  NeedsFormerKey,
  type DigestedTable,
  type UntreatedRows,
} from '@countersign/keys';

export interface SealedSecret {
  readonly id: string;
  readonly applicationId: string;
  readonly sealed: Sealed;
}

@Injectable()
export abstract class SecretDigestWork extends DigestWork<SealedSecret> {
  protected abstract readonly kind: string;
  protected abstract readonly owners: string;
  protected abstract readonly column: string;

  protected abstract partsOf(secret: string, row: SealedSecret): readonly string[];

  protected get table(): DigestedTable {
    return {
      values: this.owners,
      primaryKey: 'id',
      digests: 'digests',
      kind: this.kind,
      owner: 'owner_id',
      columns: `r.id, r.application_id AS "applicationId", r.${this.column} AS sealed`,
      lock: 'KEY SHARE OF r',
    };
  }

  protected digest(tx: EntityManager, free: readonly SealedSecret[]): Promise<number> {
    const sealedSecret = sealedText(this.owners, this.column);
    return this.insert(tx, free, (row) => {
      const secret = sealedSecret.open(this.keyRing, row.id, row.sealed);
      return digestsOfKind(this.keyRing, this.kind, this.partsOf(secret, row));
    });
  }
}

/** For each bot the digests under a former key, less those under the key `$1`. */
const REPLACED = `
  SELECT coalesce(sum(greatest(former.count - coalesce(present.count, 0), 0)), 0)::int AS count
  FROM (
    SELECT owner_id, max(count) AS count FROM (
      SELECT owner_id, count(*) FROM digests WHERE kind = 'bot-token' AND key_id <> $1 GROUP BY owner_id, key_id
    ) AS by_key GROUP BY owner_id
  ) AS former
  LEFT JOIN (
    SELECT owner_id, count(*) FROM digests WHERE kind = 'bot-token' AND key_id = $1 GROUP BY owner_id
  ) AS present USING (owner_id)`;

/** Of bots' current tokens. Tokens that were replaced are not stored, so their digests end with their key. */
@Injectable()
@BringsToActiveKey()
@NeedsFormerKey({ purpose: 'index' })
export class BotTokenDigestWork extends SecretDigestWork {
  protected readonly kind = 'bot-token';
  protected readonly owners = 'bots';
  protected readonly column = 'token';

  async untreatedRows(manager: EntityManager, keyId: string): Promise<UntreatedRows> {
    return {
      rows: 'digests of replaced bot tokens (digests)',
      count: (await firstRow<{ count: number }>(manager, REPLACED, [keyId]))?.count ?? 0,
      lasts: 'until `keys rewrap` deletes them, at its end',
    };
  }

  protected partsOf(token: string): readonly string[] {
    return [token];
  }
}
