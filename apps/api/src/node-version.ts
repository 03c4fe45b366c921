/** The end of life of each release line (https://github.com/nodejs/Release). */
const MAINTENANCE_ENDS: Readonly<Record<string, string>> = {
  20: '2026-04-30',
  22: '2027-04-30',
  24: '2028-04-30',
};

/**
 * The day on which a Node release line reached its end of life; null before that, and for lines not listed.
 * @param version as in `process.versions.node`
 */
export function endedMaintenance(version: string, now: Date): string | null {
  const lastDay = MAINTENANCE_ENDS[version.split('.')[0] ?? ''];
  return lastDay !== undefined && lastDay < now.toISOString().slice(0, 10) ? lastDay : null;
}
