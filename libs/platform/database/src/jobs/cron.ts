import { MINUTE } from '@countersign/runtime';

const MAX_MINUTES = 366 * 24 * 60;

/** The first minute (UTC) that matches five cron fields. A field is `*`, a number, or `*` with a divisor. */
export function nextRun(cron: string, after: Date): Date {
  const first = Math.floor(after.getTime() / MINUTE) + 1;
  for (let minute = first; minute < first + MAX_MINUTES; minute += 1) {
    const at = new Date(minute * MINUTE);
    if (names(cron, at)) return at;
  }
  throw new Error(`The schedule "${cron}" names no minute of a year.`);
}

function names(cron: string, at: Date): boolean {
  const values = [
    at.getUTCMinutes(),
    at.getUTCHours(),
    at.getUTCDate(),
    at.getUTCMonth() + 1,
    at.getUTCDay(),
  ];
  return cron.split(' ').every((field, index) => {
    const value = values[index] ?? Number.NaN;
    const [base, divisor] = field.split('/');
    return divisor === undefined ? base === '*' || Number(base) === value : value % Number(divisor) === 0;
  });
}
