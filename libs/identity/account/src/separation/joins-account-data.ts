import { Injectable } from '@nestjs/common';
import { HasAccountData, type AccountData, type ExportedRows, type OwnedRows } from '@countersign/users';

/** Merges that can be separated, as data of an account. */
@Injectable()
@HasAccountData('others')
export class JoinsAccountData implements AccountData {
  readonly owned: readonly OwnedRows[] = [{ table: 'account_joins', key: ['id'], erase: 'delete' }];
  readonly exported: readonly ExportedRows[] = [
    {
      name: 'joins',
      meaning:
        'Merges that can be separated again: with a sealed copy of what each moved, which the other sections have.',
      retention: 'Until the merge is separated, or can no longer be.',
      sql: `SELECT id AS cursor, id AS join_id, merged_user_id, identity_ids, joined_at, separable_until
        FROM account_joins WHERE user_id = $1`,
    },
  ];
}
