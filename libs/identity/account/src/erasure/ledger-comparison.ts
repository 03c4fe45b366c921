import type { LedgerMark } from '@countersign/ledger';
import type { DatabaseMark } from './erasure-marks.repository';

/**
 * `new`: neither has a mark. `same`: nothing happened. `restored`: the database is behind its ledger, since a
 * backup was restored. `lost`: the ledger is behind the database. `foreign`: the ledger is of another
 * installation.
 */
export type LedgerState = 'new' | 'same' | 'restored' | 'lost' | 'foreign';

/** Compares the marks of a database and of its ledger. */
export function compareMarks(database: DatabaseMark | null, ledger: LedgerMark | null): LedgerState {
  // A mark of zero was never written to a ledger, or a process ended before it could be.
  if (!ledger) return database && database.mark > 0 ? 'lost' : 'new';
  // A backup from before the first mark.
  if (!database) return 'restored';
  if (database.lineage !== ledger.lineage) return 'foreign';
  if (ledger.mark < database.mark) return 'lost';
  // A process that ended between both writes leaves the ledger at the next mark.
  return ledger.mark > database.nextMark ? 'restored' : 'same';
}
