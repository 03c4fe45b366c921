export type { FeatureMigration } from '../src/migrations/1798000000000-first-schema';
export { migrations } from '../src/migrations';
