import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { blindIndexes, KeyRing, open, type BlindIndex } from '@countersign/crypto';
import { BringsToActiveKey, DigestWork, type Step } from '@countersign/keys';
import { Logger } from '@countersign/observability';
import {
  SecretDigestsRepository,
  type DigestedSecret,
  type DigestedTable,
} from './secret-digests.repository';

/** Digests of stored secrets. */
@Injectable()
abstract class SecretDigestWork extends DigestWork<DigestedSecret> {
  /** What the digests are separated by. */
  protected abstract readonly context: string;
  protected abstract readonly table: DigestedTable;

  constructor(
    private readonly repository: SecretDigestsRepository,
    keyRing: KeyRing,
    logger: Logger,
  ) {
    super(keyRing, logger);
  }

  countBehind(manager: EntityManager, keyId: string): Promise<number> {
    return this.repository.countLacking(manager, this.table, keyId);
  }

  deleteRetired(tx: EntityManager, keyId: string, limit: number): Promise<number> {
    return this.repository.delete(tx, this.table, keyId, limit);
  }

  protected lookAt(tx: EntityManager, keyId: string, step: Step): Promise<readonly DigestedSecret[]> {
    return this.repository.lookAt(tx, this.table, keyId, step);
  }

  protected async digest(tx: EntityManager, lacking: readonly DigestedSecret[]): Promise<number> {
    const added = new Map<string, readonly BlindIndex[]>();
    for (const secret of lacking) {
      const digests = await this.attempt(secret.id, () => this.digestsOf(secret));
      if (digests) added.set(secret.id, digests);
    }
    const rows = [...added].flatMap(([id, digests]) => digests.map((digest) => ({ ...digest, id })));
    if (rows.length > 0) await this.repository.insert(tx, this.table, rows);
    return added.size;
  }

  private digestsOf({ id, sealed }: DigestedSecret): readonly BlindIndex[] {
    const { secrets: table, column } = this.table;
    const secret = open((keyId) => this.keyRing.find('sealing', keyId), { table, column, row: id }, sealed);
    return blindIndexes(this.keyRing, this.context, [secret]);
  }
}

/** Of bots' current tokens. Tokens that were replaced are not stored, so their digests end with their key. */
@Injectable()
@BringsToActiveKey()
export class BotTokenDigestWork extends SecretDigestWork {
  readonly name = 'bot_token_digests';
  protected readonly context = 'bots.token';
  protected readonly table: DigestedTable = {
    secrets: 'bots',
    column: 'token',
    digests: 'bot_token_digests',
    owner: 'bot_id',
    shared: [],
  };
}

@Injectable()
@BringsToActiveKey()
export class RapidpaceSecretDigestWork extends SecretDigestWork {
  readonly name = 'rapidpace_secret_digests';
  protected readonly context = 'rapidpace_secrets.secret';
  protected readonly table: DigestedTable = {
    secrets: 'rapidpace_secrets',
    column: 'secret',
    digests: 'rapidpace_secret_digests',
    owner: 'secret_id',
    shared: ['application_id'],
  };
}
