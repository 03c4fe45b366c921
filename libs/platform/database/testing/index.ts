export type { FeatureMigration } from '../src/migrations/1799000000000-first-schema';
export { migrations } from '../src/migrations';
