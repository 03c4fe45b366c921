/** In seconds. */
export const HOUR = 3_600;
export const DAY = 24 * HOUR;

/** The shortest time that can be set, in seconds. */
export const MIN_SECONDS = 10;

/** The oldest proof that any application may accept, in seconds; proofs are remembered for as long. */
export const LONGEST_PROOF_AGE_SECONDS = 7 * DAY;
