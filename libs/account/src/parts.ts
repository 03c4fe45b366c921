import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { SessionMerging } from '@countersign/sessions';
import { UserMerging, type MergePair } from '@countersign/users';

/** What a module does to its rows when two accounts become one. */
export interface AccountPart {
  /** Moves or ends what the loser has. @returns ids of sessions that it ended. */
  merge(tx: EntityManager, pair: MergePair): Promise<readonly string[]>;
  /** How many rows of each kind belong to a user: the same, summed up, before and after. */
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

  /** Everything that the users have together. */
  async inventory(tx: EntityManager, userIds: readonly string[]): Promise<Record<string, number>> {
    const sum: Record<string, number> = {};
    for (const part of this.all)
      for (const userId of userIds)
        for (const [kind, count] of Object.entries(await part.count(tx, userId)))
          sum[kind] = (sum[kind] ?? 0) + count;
    return sum;
  }
}
