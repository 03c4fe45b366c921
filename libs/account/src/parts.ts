import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { SessionMerging } from '@countersign/sessions';
import { UserMerging, type MergePair } from '@countersign/users';

/** What a module does to its rows when two accounts become one. */
export interface AccountPart {
  /** Moves or ends the loser's data. @returns ids of sessions that it ended. */
  merge(tx: EntityManager, pair: MergePair): Promise<readonly string[]>;
  /** The number of rows of each kind of a user: the sum is the same before and after a merge. */
  count(tx: EntityManager, userId: string): Promise<Record<string, number>>;
}

/** The modules that store data of a person. A new one has to be added here. */
@Injectable()
export class AccountParts {
  readonly all: readonly AccountPart[];

  constructor(users: UserMerging, sessions: SessionMerging) {
    this.all = [
      sessions,
      {
        merge: async (tx, pair) => {
          await users.moveIdentities(tx, pair);
          return [];
        },
        count: (tx, userId) => users.count(tx, userId),
      },
    ];
  }

  /** The sum of the users' rows. */
  async inventory(tx: EntityManager, userIds: readonly string[]): Promise<Record<string, number>> {
    const sum: Record<string, number> = {};
    for (const part of this.all)
      for (const userId of userIds)
        for (const [kind, count] of Object.entries(await part.count(tx, userId)))
          sum[kind] = (sum[kind] ?? 0) + count;
    return sum;
  }
}
