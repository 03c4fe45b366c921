import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { firstRow, rows } from '@countersign/database';
import type { OrderedScore } from '../board-rules';
import { FIRST_KEY } from './seasons.repository';
import { AROUND, PEOPLE, RANK, TOP, WITHIN, type GroupKind } from './ranks.sql';

/** The most people of a group that ranks are made of. */
const MAX_GROUP = 10_000;

/** A person on a board, as a statement found them. */
export interface RankedRow extends OrderedScore {
  /** `null` where the account is gone. */
  readonly userId: string | null;
  /** From 1. */
  readonly rank: number;
  /** How many people there are in all. */
  readonly people: number;
}

/** Of a group, as a statement found it. */
export interface GroupRanks {
  readonly found: readonly RankedRow[];
  /** How many people of the group have a standing. */
  readonly people: number;
  /** Whether the group has more people than ranks are made of. */
  readonly isTooLarge: boolean;
}

/** After which position of the order a page begins. */
export interface Position {
  readonly sortKey: string;
  readonly reached: string;
}

export interface Group {
  readonly kind: GroupKind;
  /** Of the team, or of the person who referred the others. */
  readonly id: string;
}

const START: Position = { sortKey: FIRST_KEY, reached: '0' };

/** Reads ranks, each in one statement. No statement reads the whole of a large board. */
@Injectable()
export class RanksRepository {
  async rankOf(manager: EntityManager, seasonId: string, userId: string): Promise<RankedRow | null> {
    return firstRow<RankedRow>(manager, RANK, [seasonId, userId]);
  }

  async countPeople(manager: EntityManager, seasonId: string): Promise<number> {
    return (await firstRow<{ people: number }>(manager, PEOPLE, [seasonId]))?.people ?? 0;
  }

  /** In the order of the board. */
  async after(
    manager: EntityManager,
    seasonId: string,
    position: Position | null,
    limit: number,
  ): Promise<readonly RankedRow[]> {
    const { sortKey, reached } = position ?? START;
    return rows<RankedRow>(manager, TOP, [seasonId, sortKey, reached, limit]);
  }

  /** The person, and up to so many people on each side. Empty without a standing. */
  async around(
    manager: EntityManager,
    seasonId: string,
    userId: string,
    each: number,
  ): Promise<readonly RankedRow[]> {
    return rows<RankedRow>(manager, AROUND, [seasonId, userId, each]);
  }

  /** As `after`, with ranks in the group. */
  async afterWithin(
    manager: EntityManager,
    seasonId: string,
    { kind, id }: Group,
    position: Position | null,
    limit: number,
  ): Promise<GroupRanks> {
    const { sortKey, reached } = position ?? START;
    return within(manager, kind, [seasonId, sortKey, reached, limit, id, MAX_GROUP, null, 0]);
  }

  /** As `around`, with ranks in the group. */
  async aroundWithin(
    manager: EntityManager,
    seasonId: string,
    { kind, id }: Group,
    userId: string,
    each: number,
  ): Promise<GroupRanks> {
    const { sortKey, reached } = START;
    const group = await within(manager, kind, [
      seasonId,
      sortKey,
      reached,
      2 * each + 1,
      id,
      MAX_GROUP,
      userId,
      each,
    ]);
    const own = group.found.find((row) => row.userId === userId)?.rank ?? 0;
    return { ...group, found: group.found.filter(({ rank }) => rank <= own + each) };
  }
}

async function within(
  manager: EntityManager,
  kind: GroupKind,
  parameters: readonly unknown[],
): Promise<GroupRanks> {
  type Row = Omit<GroupRanks, 'found'> & (RankedRow | { readonly rank: null });
  const all = await rows<Row>(manager, WITHIN[kind], parameters);
  return {
    found: all.filter((row) => row.rank !== null),
    people: all[0]?.people ?? 0,
    isTooLarge: all[0]?.isTooLarge ?? false,
  };
}
