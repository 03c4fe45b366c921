import type { EntityManager } from 'typeorm';

export const SETTINGS_CHANNEL = 'countersign_settings';

/** By the name of the variable. */
export type Settings = Readonly<Record<string, string | number | null>>;

/** Tells all replicas of the database, this one too. */
export async function announceSettings(tx: EntityManager, settings: Settings): Promise<void> {
  await tx.query('SELECT pg_notify($1, $2)', [SETTINGS_CHANNEL, JSON.stringify(settings)]);
}
