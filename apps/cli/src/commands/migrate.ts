import { plain } from '../declaration';

export const migrate = {
  name: 'migrate',
  ...plain('bring the schema of the database up to date', {
    run: async ({ terminal }) => {
      const { migrate: migrateDatabase, readDatabaseUrl } = await import('../lazy/migrations.js');
      const applied = await migrateDatabase(readDatabaseUrl(terminal.environment));
      const text = applied.length > 0 ? `Applied ${applied.join(', ')}` : 'The schema is up to date';
      return { json: { applied }, text };
    },
  }),
};
