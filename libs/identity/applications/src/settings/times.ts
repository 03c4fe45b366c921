/** In seconds. */
export const DAY = 24 * 3_600;

/** The shortest time that can be set, in seconds. */
export const MIN_SECONDS = 10;

/** The maximum age of a proof in any application, in seconds; proofs are recorded for as long. */
export const MAX_PROOF_AGE_SECONDS = 7 * DAY;
