import { patience } from '../runner/patience.cjs';

/**
 * Environment of a service whose crowd waits for one row or lock: longer than its time limits on a busy machine, and they
 * are not what the test is about.
 */
export const PATIENT_SERVICE = { PATIENCE: String(Math.min(10 * patience, 100)) } as const;
