import { firstSchema, LOGIN, type FeatureMigration } from './1798000000000-first-schema';

/** All migrations, oldest first. From 0.2.0 on, one that has landed is never edited. */
export const migrations: readonly FeatureMigration[] = firstSchema;

/** @param use as `COUNTERSIGN_USE` names features: `all` stands for all of them */
export function migrationsOf(use: readonly string[]): readonly FeatureMigration[] {
  return migrations.filter(({ feature }) => isUsed(use, feature));
}

/** Those of features that are not in use. */
export function migrationsBeside(use: readonly string[]): readonly FeatureMigration[] {
  return migrations.filter(({ feature }) => !isUsed(use, feature));
}

function isUsed(use: readonly string[], feature: string): boolean {
  return feature === LOGIN || use.includes('all') || use.includes(feature);
}
