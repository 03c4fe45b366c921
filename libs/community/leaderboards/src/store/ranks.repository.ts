import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { rows } from '@countersign/database';
import type { OrderedScore } from '../board-rules';
import { FIRST_KEY } from './seasons.repository';
import { AROUND, EXACT, PEOPLE, TOP, WITHIN, type GroupKind } from './ranks.sql';

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

/** Ranks of a season, or of a group in it. */
export interface Ranks {
  readonly found: readonly RankedRow[];
  /** How many people have a standing. */
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

/** A season, and among whom of it; `null` for all. */
interface Among {
  readonly seasonId: string;
  readonly group: Group | null;
}

const START: Position = { sortKey: FIRST_KEY, reached: '0' };

const SIZE = 1_000;

/** Seasons that are open, or were closed after `$1`, with more people than are counted one by one and scores since the last time. */
const DUE = `
  SELECT seasons.id, newest.sequence::text AS sequence FROM board_seasons seasons
  CROSS JOIN LATERAL (SELECT max(sequence) AS sequence FROM board_scores WHERE season_id = seasons.id) AS newest
  WHERE (seasons.closed_at IS NULL OR seasons.closed_at > $1) AND newest.sequence > seasons.ranked_to
    AND EXISTS (SELECT FROM board_entries WHERE season_id = seasons.id OFFSET ${EXACT})`;

const RENEW = `
  WITH numbered AS MATERIALIZED (
    SELECT sort_key, reached, (row_number() OVER (ORDER BY sort_key, reached) - 1)::int AS before
    FROM board_entries WHERE season_id = $1
  ), ranked AS (
    UPDATE board_seasons SET ranked_to = $2, people = (SELECT count(*) FROM numbered) WHERE id = $1
  )
  INSERT INTO board_buckets (season_id, from_key, from_reached, before)
  SELECT $1, sort_key, reached, before FROM numbered WHERE before % ${SIZE} = 0`;

interface DueSeason {
  readonly id: string;
  /** The newest score. */
  readonly sequence: string;
}

/** Reads ranks, each in one statement. No statement reads the whole of a large board. */
@Injectable()
export class RanksRepository {
  /** In the order of the board. */
  async after(
    manager: EntityManager,
    { seasonId, group }: Among,
    position: Position | null,
    limit: number,
  ): Promise<Ranks> {
    const { sortKey, reached } = position ?? START;
    const page = [seasonId, sortKey, reached, limit];
    if (group) return within(manager, group.kind, [...page, group.id, MAX_GROUP, null, 0]);
    return ofBoard(manager, seasonId, await rows<RankedRow>(manager, TOP, page));
  }

  /** The person, and up to so many people on each side. None without a standing. */
  async around(
    manager: EntityManager,
    { seasonId, group }: Among,
    userId: string,
    each: number,
  ): Promise<Ranks> {
    if (!group) return ofBoard(manager, seasonId, await rows(manager, AROUND, [seasonId, userId, each]));
    const { sortKey, reached } = START;
    const page = [seasonId, sortKey, reached, 2 * each + 1];
    const ranks = await within(manager, group.kind, [...page, group.id, MAX_GROUP, userId, each]);
    const own = ranks.found.find((row) => row.userId === userId)?.rank ?? 0;
    return { ...ranks, found: ranks.found.filter(({ rank }) => rank <= own + each) };
  }

  /** Seasons whose histogram is to be made anew: by it ranks far back are found. */
  async listDue(manager: EntityManager, closedAfter: Date): Promise<readonly DueSeason[]> {
    return rows<DueSeason>(manager, DUE, [closedAfter]);
  }

  /** Counts the season anew. What is scored meanwhile is in the next histogram. */
  async renew(tx: EntityManager, { id, sequence }: DueSeason): Promise<void> {
    await tx.query('DELETE FROM board_buckets WHERE season_id = $1', [id]);
    await tx.query(RENEW, [id, sequence]);
  }
}

async function ofBoard(
  manager: EntityManager,
  seasonId: string,
  found: readonly RankedRow[],
): Promise<Ranks> {
  const [counted] = found.length > 0 ? found : await rows<{ people: number }>(manager, PEOPLE, [seasonId]);
  return { found, people: counted?.people ?? 0, isTooLarge: false };
}

async function within(
  manager: EntityManager,
  kind: GroupKind,
  parameters: readonly unknown[],
): Promise<Ranks> {
  type Row = Omit<Ranks, 'found'> & (RankedRow | { readonly rank: null });
  const all = await rows<Row>(manager, WITHIN[kind], parameters);
  return {
    found: all.filter((row) => row.rank !== null),
    people: all[0]?.people ?? 0,
    isTooLarge: all[0]?.isTooLarge ?? false,
  };
}
