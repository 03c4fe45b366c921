import { isCountersignError } from '@countersign/client';
import { sentenceOf } from '../../section';
import type { RankedPerson, Ranks, Season, Wanted } from './ranks';

/** The rank of a person, and whether it is final. */
export function standingOf(ranks: Ranks, { userId }: Wanted): string {
  const { people, around } = ranks;
  const season = seasonOf(ranks);
  const own = around?.find((each) => each.userId === userId);
  const closed = season?.closedAt
    ? `Season ${season.number} was closed at ${new Date(season.closedAt).toLocaleString()}, and its ranks are final. `
    : '';
  if (own) return `${closed}You are at rank ${own.rank} of ${people}, with ${own.score} points.`;
  return `${closed}You have no score in ${closed ? 'it' : 'this season yet'}.`;
}

export function seasonOf({ seasons, seasonId }: Ranks): Season | undefined {
  return seasons.find((season) => season.seasonId === seasonId);
}

/** People have a name here only where they made one public. */
export function nameOf({ userId, person }: RankedPerson, wanted: Wanted): string {
  if (userId === wanted.userId) return 'You';
  if (userId === null) return 'An account that is gone';
  return person?.profile.displayName ?? `Account …${userId.slice(-6)}`;
}

/** Why a board cannot be read, and after how many milliseconds another attempt makes sense; `null` for none. */
export function failureOf(error: unknown): { readonly text: string; readonly againInMs: number | null } {
  const sentence = sentenceOf(error);
  const isPassing =
    isCountersignError(error) && (error.status === 0 || error.status === 429 || error.status >= 500);
  if (!isPassing) return { text: `Refused: ${sentence}.`, againInMs: null };
  return { text: `No answer at the moment: ${sentence}.`, againInMs: 1000 * (error.retryAfter ?? 5) };
}
