import { firstSchema, LOGIN, type FeatureMigration } from './1799000000000-first-schema';

/** All migrations, oldest first. From 0.3.0 on, a released migration is never edited. */
export const migrations: readonly FeatureMigration[] = firstSchema;

/** @param use the features as in `COUNTERSIGN_USE`: `all` stands for all features */
export function migrationsOf(use: readonly string[]): readonly FeatureMigration[] {
  return migrations.filter(({ feature }) => isUsed(use, feature));
}

export function migrationsBeside(use: readonly string[]): readonly FeatureMigration[] {
  return migrations.filter(({ feature }) => !isUsed(use, feature));
}

function isUsed(use: readonly string[], feature: string): boolean {
  return feature === LOGIN || use.includes('all') || use.includes(feature);
}
