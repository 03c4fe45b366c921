import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import {
  HasAccountData,
  type AccountData,
  type ExportedPerson,
  type ExportSection,
  type OwnedRows,
  type Reading,
} from '@countersign/users';
import { AccountJoinsRepository } from './account-joins.repository';

/** Merges that can be separated, as data of an account. */
@Injectable()
@HasAccountData('others')
export class JoinsAccountData implements AccountData {
  readonly owned: readonly OwnedRows[] = [{ table: 'account_joins', key: ['id'] }];

  constructor(private readonly joins: AccountJoinsRepository) {}

  /** Nothing: the row of a separated merge is deleted. */
  count(): Promise<Record<string, number>> {
    return Promise.resolve({});
  }

  async erase(tx: EntityManager, userId: string): Promise<void> {
    await this.joins.deleteOf(tx, userId);
  }

  exportOf(read: Reading, person: ExportedPerson): readonly ExportSection[] {
    return [
      {
        name: 'joins',
        meaning:
          'Merges that can be separated again: with a sealed copy of what each moved, which the other sections have.',
        retention: 'Until the merge is separated, or can no longer be.',
        items: this.exported(read, person),
      },
    ];
  }

  private async *exported(read: Reading, { userId }: ExportedPerson): AsyncGenerator<object> {
    for (const join of await read((manager) => this.joins.listOf(manager, userId)))
      yield {
        joinId: join.id,
        mergedUserId: join.mergedUserId,
        identityIds: join.identityIds,
        joinedAt: join.joinedAt.toISOString(),
        separableUntil: join.separableUntil.toISOString(),
      };
  }
}
