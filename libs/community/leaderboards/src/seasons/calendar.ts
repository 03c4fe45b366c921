import { DAY } from '@countersign/clock';

/** When a season ends: by the calendar, in UTC, or when it is closed by hand. */
export const calendars = ['daily', 'weekly', 'monthly', 'by-hand'] as const;
export type Calendar = (typeof calendars)[number];

interface Period {
  readonly startsAt: Date;
  /** `null` for a season that is closed by hand. */
  readonly endsAt: Date | null;
}

/** The period that an instant is in. Weeks begin on Monday. */
export function periodAt(calendar: Calendar, now: Date): Period {
  const [year, month, day] = [now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()];
  const midnight = Date.UTC(year, month, day);
  switch (calendar) {
    case 'daily':
      return lasting(midnight, DAY);
    case 'weekly':
      return lasting(midnight - ((now.getUTCDay() + 6) % 7) * DAY, 7 * DAY);
    case 'monthly':
      return { startsAt: new Date(Date.UTC(year, month)), endsAt: new Date(Date.UTC(year, month + 1)) };
    case 'by-hand':
      return { startsAt: now, endsAt: null };
  }
}

function lasting(start: number, ms: number): Period {
  return { startsAt: new Date(start), endsAt: new Date(start + ms) };
}
