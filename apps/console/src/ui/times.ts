const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const units = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

/** In the locale and time zone of this browser. */
export function instantOf(text: string): string {
  return new Date(text).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}

/** A day such as 2026-11-20 has no time zone. "Today" is in UTC, as in the counters of the service. */
export function dayOf(text: string, options: Intl.DateTimeFormatOptions = { dateStyle: 'medium' }): string {
  const days = Math.round((Date.parse(text) - Date.parse(new Date().toISOString().slice(0, 10))) / DAY);
  if (days === 0 || days === -1) return relative(days, 'day');
  return new Date(text).toLocaleDateString(undefined, { ...options, timeZone: 'UTC' });
}

export function isRecent(text: string): boolean {
  return Math.abs(Date.parse(text) - Date.now()) < DAY;
}

/** Such as "5 minutes ago". */
export function sinceOf(text: string): string {
  const ms = Date.parse(text) - Date.now();
  if (Math.abs(ms) < MINUTE) return relative(0, 'second');
  return Math.abs(ms) < HOUR
    ? relative(Math.round(ms / MINUTE), 'minute')
    : relative(Math.round(ms / HOUR), 'hour');
}

/** Such as "30 minutes". */
export function durationOf(seconds: number): string {
  const [unit, size] = units.find(([, each]) => seconds % each === 0 && seconds >= each) ?? ['second', 1];
  return (seconds / size).toLocaleString('en', { style: 'unit', unit, unitDisplay: 'long' });
}

function relative(count: number, unit: Intl.RelativeTimeFormatUnit): string {
  return new Intl.RelativeTimeFormat('en', { numeric: 'auto' }).format(count, unit);
}
