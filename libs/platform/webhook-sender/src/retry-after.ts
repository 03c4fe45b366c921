/** 24 hours. A receiver that asks for more gets another attempt after a day. */
export const MAX_RETRY_AFTER_SECONDS = 86_400;

/** RFC 9110 section 5.6.7, the form that senders have to use: `Sun, 06 Nov 1994 08:49:37 GMT`. */
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * Seconds until the time of a `Retry-After` header (RFC 9110 section 10.2.3), 0 for one that has passed, at most 24
 * hours. Null for a value of another form.
 */
export function parseRetryAfter(value: string, now: Date): number | null {
  const text = value.trim();
  const seconds = /^\d{1,15}$/.test(text) ? Number(text) : secondsUntilDate(text, now);
  return seconds === null ? null : Math.min(seconds, MAX_RETRY_AFTER_SECONDS);
}

function secondsUntilDate(text: string, now: Date): number | null {
  const time = HTTP_DATE.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(time) ? null : Math.max(0, Math.ceil((time - now.getTime()) / 1_000));
}
