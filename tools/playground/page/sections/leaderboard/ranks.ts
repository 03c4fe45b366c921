import { hasCode, type Schemas } from '@countersign/client';
import { countersign } from '../../me';

export type Season = Schemas['SeasonResponse'];
export type RankedPerson = Schemas['RankedPerson'];

/** Ranks of a season, `null` for the current one. */
export interface Wanted {
  readonly boardId: string;
  readonly seasonId: string | null;
  readonly userId: string;
}

/** What the page shows of a board. */
export interface Ranks {
  /** The newest, the current one first. */
  readonly seasons: readonly Season[];
  readonly seasonId: string;
  readonly asOf: string;
  readonly people: number;
  readonly top: readonly RankedPerson[];
  /** The person with the people around; `null` without a score. */
  readonly around: readonly RankedPerson[] | null;
}

/** In three calls. @throws CountersignError board.not_found */
export async function readRanks(wanted: Wanted): Promise<Ranks> {
  const path = { boardId: wanted.boardId };
  const [{ items: top, seasonId, asOf, people }, around] = await Promise.all([
    countersign.call('GET', '/v1/boards/{boardId}/top', { path, query: { ...seasonOf(wanted), limit: 10 } }),
    readAround(wanted),
  ]);
  // Afterwards: the season of the ranks is among them.
  const { items: seasons } = await countersign.call('GET', '/v1/boards/{boardId}/seasons', { path });
  return { seasons, seasonId, asOf, people, top, around };
}

async function readAround(wanted: Wanted): Promise<readonly RankedPerson[] | null> {
  const { boardId, userId } = wanted;
  try {
    const { items } = await countersign.call('GET', '/v1/boards/{boardId}/around/{userId}', {
      path: { boardId, userId },
      query: { ...seasonOf(wanted), each: '3' },
    });
    return items;
  } catch (error) {
    if (hasCode(error, 'board.not_ranked')) return null;
    throw error;
  }
}

function seasonOf({ seasonId }: Wanted): { readonly seasonId?: string } {
  return seasonId === null ? {} : { seasonId };
}
