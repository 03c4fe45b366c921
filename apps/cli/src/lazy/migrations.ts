export { readDatabaseUrl } from '@countersign/config';
export { migrate } from '@countersign/database';
