/** Longer than init data is valid: a later proof must find why its session ended. */
export const ENDED_SESSION_DAYS = 30;
