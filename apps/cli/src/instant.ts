import { UsageError } from './usage';

const INSTANT = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})$/;

/**
 * An instant of ISO 8601 with its zone: without one it would depend on the machine.
 * @throws UsageError naming the option
 */
export function instant(name: string, text: string): Date {
  const day = INSTANT.exec(text)?.[1] ?? '';
  const parsed = new Date(text);
  if (!isDay(day) || Number.isNaN(parsed.getTime()))
    throw new UsageError(`--${name} must be an instant with its zone, such as 2026-01-31T23:59:00Z.`);
  return parsed;
}

/** Date would read the 31st of February as a day of March. */
function isDay(day: string): boolean {
  const midnight = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day);
}
