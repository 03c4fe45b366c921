import type { Declare } from '../command';

export const declareMigrate: Declare = (program, { plain }) => {
  program
    .command('migrate')
    .description('bring the schema of the database up to date')
    .action(
      plain(async (call, terminal) => {
        const { migrateDatabase } = await import('./migrate.actions.js');
        return migrateDatabase(call, terminal);
      }),
    );
};
