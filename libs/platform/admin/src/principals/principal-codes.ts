import { Injectable } from '@nestjs/common';
import { IsNull, MoreThan, type EntityManager, type EntityTarget } from 'typeorm';
import { HasCodedRows, RowCodes, type CodedRow, type RowCode, type CodedRows } from '@countersign/audit';
import { Clock } from '@countersign/clock';
import {
  BringsToActiveKey,
  type FormerKey,
  type KeyWork,
  type Step,
  type StepResult,
} from '@countersign/keys';
import { Logger } from '@countersign/observability';
import { PrincipalSecretEntity } from './principal-secret.entity';
import { PrincipalTokenEntity } from './principal-token.entity';
import { PrincipalEntity } from './principal.entity';

interface Coded {
  readonly macKeyId?: string | null;
  readonly mac?: Buffer | null;
}

type Table = 'principals' | 'principal_secrets' | 'principal_tokens';

/** Columns that the code does not cover: they grant no right, or are the code itself. */
const NOT_CODED = new Set(['updatedAt', 'lastUsedAt', 'macKeyId', 'mac']);

/** Tables whose rows get a code at the adoption; tokens expire soon. */
const LASTING = [
  ['principals', PrincipalEntity],
  ['principal_secrets', PrincipalSecretEntity],
] as const;

/** Codes of principals, their secrets and tokens, over all columns that decide what they may do. */
@Injectable()
@HasCodedRows()
@BringsToActiveKey()
export class PrincipalCodes implements CodedRows, KeyWork {
  readonly name = 'principals';
  readonly purpose = 'index';
  readonly actions = { created: 'principal.created', removed: 'principal.removed' } as const;

  constructor(
    private readonly codes: RowCodes,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  coded<T extends Coded>(table: Table, row: T): T & RowCode {
    return { ...row, ...this.codes.make(table, contentOf(row)) };
  }

  /** @returns null for a row that this service did not write */
  genuine<T extends Coded>(table: Table, row: T | null): T | null {
    if (!row || this.isGenuine(table, row)) return row;
    const { id, principalId = id } = row as { readonly id?: string; readonly principalId?: string };
    this.logger.error(
      { table, principalId },
      'a row that grants rights was not written by this service: it grants none',
    );
    return null;
  }

  async list(manager: EntityManager): Promise<readonly CodedRow[]> {
    const tokens = await manager.findBy(PrincipalTokenEntity, { expiresAt: MoreThan(this.clock.now()) });
    const withForgedToken = new Set(
      tokens
        .filter((row) => row.macKeyId !== null && !this.isGenuine('principal_tokens', row))
        .map(({ principalId }) => principalId),
    );
    return (await this.withSecrets(manager)).map(({ secrets, ...row }) => ({
      id: row.id,
      isGenuine:
        this.isGenuine('principals', row) &&
        !withForgedToken.has(row.id) &&
        secrets.every(
          (secret) => row.secretIds.includes(secret.id) && this.isGenuine('principal_secrets', secret),
        ),
      createdAt: row.createdAt,
    }));
  }

  async adopt(tx: EntityManager): Promise<number> {
    const principals = await tx.findBy(PrincipalEntity, { mac: IsNull() });
    for (const { id } of principals) {
      const secrets = await tx.findBy(PrincipalSecretEntity, { principalId: id });
      await tx.update(PrincipalEntity, { id }, { secretIds: secrets.map((secret) => secret.id) });
    }
    for (const [table, entity] of LASTING)
      for (const row of await tx.findBy(entity, { mac: IsNull() })) await this.recode(tx, table, entity, row);
    return principals.length;
  }

  async countBehind(manager: EntityManager, keyId: string): Promise<number> {
    let count = 0;
    for (const [table, entity] of LASTING)
      count += (await manager.find(entity as EntityTarget<Row>)).filter(
        (row) => row.macKeyId !== keyId && this.isGenuine(table, row),
      ).length;
    return count;
  }

  /** They are few: one step does all. */
  async step(tx: EntityManager, { after }: Step): Promise<StepResult> {
    let done = 0;
    for (const [table, entity] of LASTING)
      for (const row of await tx.find(entity))
        if (row.macKeyId !== this.codes.activeKeyId && this.isGenuine(table, row)) {
          await this.recode(tx, table, entity, row);
          done += 1;
        }
    return { position: after, done, isEnd: true };
  }

  async countNeeding(manager: EntityManager, { activeId }: FormerKey): Promise<number> {
    return this.countBehind(manager, activeId);
  }

  deleteRetired(): Promise<number> {
    return Promise.resolve(0);
  }

  /** By one statement: a secret that is added or removed meanwhile is no difference. */
  private async withSecrets(
    manager: EntityManager,
  ): Promise<readonly (PrincipalEntity & { secrets: PrincipalSecretEntity[] })[]> {
    const found = await manager
      .createQueryBuilder(PrincipalEntity, 'principal')
      .leftJoinAndMapMany(
        'principal.secrets',
        PrincipalSecretEntity,
        'secret',
        'secret.principalId = principal.id',
      )
      .getMany();
    return found as (PrincipalEntity & { secrets: PrincipalSecretEntity[] })[];
  }

  private isGenuine(table: Table, row: Coded): boolean {
    return this.codes.isRight(table, contentOf(row), row);
  }

  private async recode(
    tx: EntityManager,
    table: Table,
    entity: (typeof LASTING)[number][1],
    row: Row,
  ): Promise<void> {
    const { mac, macKeyId } = this.coded(table, row);
    await tx.update(entity, { id: row.id }, { mac, macKeyId });
  }
}

interface Row {
  id: string;
  macKeyId?: string | null;
  mac?: Buffer | null;
}

function contentOf(row: object): object {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !NOT_CODED.has(name)));
}
