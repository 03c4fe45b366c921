import type { BlindIndex } from '@countersign/crypto';
import { columns } from './columns';

/** What rows are found by, in the tables of digests. */
export const BLIND_INDEX = columns<BlindIndex>({ keyId: 'text', digest: 'bytea' });
