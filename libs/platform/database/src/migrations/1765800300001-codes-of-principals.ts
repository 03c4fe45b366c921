import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = ['principals', 'principal_secrets', 'principal_tokens'];

/** Codes of the rows that grant rights. The first start gives them to the rows that exist. See ADR 0056. */
export class CodesOfPrincipals1765800300001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES)
      await runner.query(`ALTER TABLE ${table} ADD COLUMN mac_key_id text, ADD COLUMN mac bytea`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of TABLES)
      await runner.query(`ALTER TABLE ${table} DROP COLUMN mac_key_id, DROP COLUMN mac`);
  }
}
