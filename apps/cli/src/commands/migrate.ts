import { command } from '../declaration';

export const migrate = {
  name: 'migrate',
  ...command('bring the schema of the database up to date').plain(async ({ terminal }) => {
    const { migrate: migrateDatabase, readDatabaseUrl } = await import('../lazy/migrations.js');
    const applied = await migrateDatabase(readDatabaseUrl(terminal.environment));
    const text = applied.length > 0 ? `Applied ${applied.join(', ')}` : 'The schema is up to date';
    return { json: { applied }, text };
  }),
};
