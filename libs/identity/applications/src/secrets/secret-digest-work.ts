import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { sealedText, type Sealed } from '@countersign/crypto';
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

/** Digests of bots' current tokens. Replaced tokens are not stored, so their digests end with their key. */
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
      count: await this.countReplaced(manager, keyId),
      lasts: 'until `keys rewrap` deletes them, at its end',
    };
  }

  protected partsOf(token: string): readonly string[] {
    return [token];
  }
}
