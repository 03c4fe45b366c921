import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { KeyRing, open, type Sealed } from '@countersign/crypto';
import {
  BringsToActiveKey,
  DigestedRowsRepository,
  Digests,
  DigestWork,
  type DigestsOfKind,
} from '@countersign/keys';
import { Logger } from '@countersign/observability';

export interface SealedSecret {
  readonly id: string;
  readonly applicationId: string;
  readonly sealed: Sealed;
}

/** Digests of stored secrets. */
@Injectable()
export abstract class SecretDigestWork extends DigestWork<SealedSecret> {
  protected abstract readonly digests: DigestsOfKind;
  protected abstract readonly column: string;

  protected abstract partsOf(secret: string, row: SealedSecret): readonly string[];

  protected async digest(tx: EntityManager, free: readonly SealedSecret[]): Promise<number> {
    const opened = await this.insert(tx, free, (row) => {
      const aad = { table: this.rows.table.values, column: this.column, row: row.id };
      const secret = open(this.keyRing, aad, row.sealed);
      return this.digests.digestsOf(this.partsOf(secret, row));
    });
    return opened.length;
  }
}

/** Of bots' current tokens. Tokens that were replaced are not stored, so their digests end with their key. */
@Injectable()
@BringsToActiveKey()
export class BotTokenDigestWork extends SecretDigestWork {
  protected readonly digests;
  protected readonly column = 'token';
  protected readonly rows = new DigestedRowsRepository<SealedSecret>({
    values: 'bots',
    primaryKey: 'id',
    digests: 'digests',
    kind: 'bot-token',
    owner: 'owner_id',
    columns: 'r.id, r.application_id AS "applicationId", r.token AS sealed',
    lock: 'KEY SHARE OF r',
  });

  constructor(digests: Digests, keyRing: KeyRing, logger: Logger) {
    super(keyRing, logger);
    this.digests = digests.of('bot-token', 'bots');
  }

  protected partsOf(token: string): readonly string[] {
    return [token];
  }
}
