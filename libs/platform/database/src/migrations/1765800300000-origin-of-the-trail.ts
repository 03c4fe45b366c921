import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Says to the first start after the upgrade that a trail of the version before is to be adopted. See ADR 0056. */
export class OriginOfTheTrail1765800300000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE audit_adoption (
        id integer NOT NULL,
        CONSTRAINT pk_audit_adoption PRIMARY KEY (id),
        CONSTRAINT chk_audit_adoption_id CHECK (id = 1)
      )`);
    await runner.query('INSERT INTO audit_adoption (id) SELECT 1 WHERE EXISTS (SELECT FROM audit_records)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE audit_adoption');
  }
}
