import type { JournalPosition } from '@countersign/custody-protocol';
import type { CustodyClient } from '../custody-client';

export const JOURNAL_START: JournalPosition = { sequence: 0, hash: '0'.repeat(64) };

/**
 * Follows the entries of custody's journal from one that is trusted, through others, in their order.
 *
 * @returns null where all are there; otherwise the first entry that is missing or has another hash
 */
export async function differenceIn(
  client: CustodyClient,
  trusted: JournalPosition,
  through: readonly JournalPosition[],
): Promise<number | null> {
  let position = trusted;
  for (const wanted of through) {
    while (position.sequence < wanted.sequence) {
      const next = await client.followJournal(position, wanted.sequence);
      if (next.sequence <= position.sequence) return position.sequence + 1;
      position = next;
    }
    if (position.sequence !== wanted.sequence || position.hash !== wanted.hash) return wanted.sequence;
  }
  return null;
}
