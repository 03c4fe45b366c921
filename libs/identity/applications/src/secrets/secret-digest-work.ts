import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { blindIndexes, open, type Sealed } from '@countersign/crypto';
import { BringsToActiveKey, DigestedRowsRepository, DigestWork } from '@countersign/keys';

interface Secret {
  readonly id: string;
  readonly sealed: Sealed;
}

/** Digests of stored secrets. */
@Injectable()
abstract class SecretDigestWork extends DigestWork<Secret> {
  /** Separates the digests from those of other kinds of secrets. */
  protected abstract readonly context: string;
  protected abstract readonly column: string;

  protected async digest(tx: EntityManager, free: readonly Secret[]): Promise<number> {
    const opened = await this.insert(tx, free, ({ id, sealed }) => {
      const aad = { table: this.rows.table.values, column: this.column, row: id };
      const secret = open((keyId) => this.keyRing.find('sealing', keyId), aad, sealed);
      return blindIndexes(this.keyRing, this.context, [secret]);
    });
    return opened.length;
  }
}

/** Of bots' current tokens. Tokens that were replaced are not stored, so their digests end with their key. */
@Injectable()
@BringsToActiveKey()
export class BotTokenDigestWork extends SecretDigestWork {
  protected readonly context = 'bots.token';
  protected readonly column = 'token';
  protected readonly rows = new DigestedRowsRepository<Secret>({
    values: 'bots',
    primaryKey: 'id',
    digests: 'bot_token_digests',
    owner: 'bot_id',
    columns: 'r.id, r.token AS sealed',
    lock: 'KEY SHARE OF r',
  });
}

@Injectable()
@BringsToActiveKey()
export class RapidpaceSecretDigestWork extends SecretDigestWork {
  protected readonly context = 'rapidpace_secrets.secret';
  protected readonly column = 'secret';
  protected readonly rows = new DigestedRowsRepository<Secret>({
    values: 'rapidpace_secrets',
    primaryKey: 'id',
    digests: 'rapidpace_secret_digests',
    owner: 'secret_id',
    columns: 'r.id, r.secret AS sealed',
    lock: 'KEY SHARE OF r',
    shared: ['application_id'],
  });
}
