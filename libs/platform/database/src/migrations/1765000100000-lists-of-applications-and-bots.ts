import type { MigrationInterface, QueryRunner } from 'typeorm';

const ADDED = [
  'ix_applications_trust ON applications (trust, id)',
  'ix_bots_application_id ON bots (application_id, id)',
  'ix_bots_provider ON bots (provider, id)',
  'ix_bots_environment ON bots (environment, id)',
  'ix_bots_status ON bots (status, id)',
  'ix_bots_bot_id ON bots (bot_id)',
];

/** Lists of the administration API: one index for each filter, in the order of the pages. */
export class ListsOfApplicationsAndBots1765000100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const index of ADDED) await runner.query(`CREATE INDEX ${index}`);
    await runner.query('DROP INDEX ix_bots_application');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX ix_bots_application ON bots (application_id)');
    for (const index of ADDED) await runner.query(`DROP INDEX ${index.split(' ')[0]}`);
  }
}
