import { AppError } from '@countersign/errors';
import { LedgerFileError } from '@countersign/ledger';

/** The ledger does not belong to this database, or was lost: nothing starts before an operator decides. */
export class LedgerStateError extends Error {
  override readonly name = 'LedgerStateError';
}

/** The ledger cannot be reached. */
export class LedgerAwayError extends Error {
  override readonly name = 'LedgerAwayError';
}

/** @throws LedgerFileError, LedgerAwayError, and AppError of `work` */
export async function askLedger<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof LedgerFileError || error instanceof AppError) throw error;
    throw new LedgerAwayError('The ledger of erasures (ERASURE_LEDGER) cannot be used.', { cause: error });
  }
}
