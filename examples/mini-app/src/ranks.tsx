import { hasCode, type Schemas } from '@countersign/client';
import { useCallback } from 'react';
import { BOARD_ID, countersign } from './countersign';
import { Failure, Spinner } from './parts';
import { useList } from './use-list';

/** The person on the board, with three people on each side. The list is empty before the first score. */
async function readRanks(userId: string): Promise<readonly Schemas['RankedPerson'][]> {
  const input = { path: { boardId: BOARD_ID, userId }, query: { each: '3' } };
  try {
    return (await countersign.call('GET', '/v1/boards/{boardId}/around/{userId}', input)).items;
  } catch (error) {
    if (hasCode(error, 'board.not_ranked')) return [];
    throw error;
  }
}

/** Ranks of the running week. */
export function Ranks({ userId }: { readonly userId: string }) {
  const { items, error, reload } = useList(useCallback(() => readRanks(userId), [userId]));
  const own = items?.find((ranked) => ranked.userId === userId);
  return (
    <>
      <Failure error={error} />
      {items === null && error === null && <Spinner label="Loading the board" />}
      {error !== null && <button onClick={() => void reload()}>Try again</button>}
      {items !== null && own === undefined && <p className="hint">You have no score this week yet.</p>}
      {own !== undefined && (
        <table>
          <caption>Your rank this week: {own.rank}</caption>
          <thead>
            <tr>
              <th scope="col">Rank</th>
              <th scope="col">Who</th>
              <th scope="col">Points</th>
            </tr>
          </thead>
          <tbody>
            {items?.map((ranked) => (
              <tr key={ranked.rank} aria-current={ranked === own}>
                <td>{ranked.rank}</td>
                <td>{ranked === own ? 'You' : nameOf(ranked)}</td>
                <td>{ranked.score}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

/** Shows only names that people made public. */
function nameOf({ person }: Schemas['RankedPerson']): string {
  return person?.profile.displayName ?? 'A guest';
}
