import { readDatabaseUrl } from '@countersign/config';
import { migrate } from '@countersign/database';
import type { Plain } from '../command';

export const migrateDatabase: Plain = async (_call, terminal) => {
  const applied = await migrate(readDatabaseUrl(terminal.environment));
  const text = applied.length > 0 ? `Applied ${applied.join(', ')}` : 'The schema is up to date';
  return { json: { applied }, text };
};
