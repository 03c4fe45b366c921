export { readDatabaseUrl } from '@countersign/config';
export { dropUnused, migrate } from '@countersign/database';
