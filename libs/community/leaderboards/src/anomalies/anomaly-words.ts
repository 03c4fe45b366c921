import type { BoardAnomalyEntity } from '../store/board.entity';

/** The reason for which something was noted. */
export function wordsOf({
  kind,
  found,
  allowed,
}: Pick<BoardAnomalyEntity, 'kind' | 'found' | 'allowed'>): string {
  switch (kind) {
    case 'rate':
      return `At least ${found} scores within a minute; more than ${allowed} are noted.`;
    case 'jump':
      return `A score that is better than the one before by ${found}; more than ${allowed} is noted.`;
    case 'shared-device-key':
      return `${found} accounts with scores have sessions with one device key; more than ${allowed} are noted.`;
  }
}
