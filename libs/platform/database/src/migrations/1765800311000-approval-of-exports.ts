import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = [
  `ALTER TABLE installation ADD COLUMN export_approval text NOT NULL DEFAULT 'none',
   ADD CONSTRAINT chk_installation_export_approval CHECK (export_approval IN ('none', 'second-principal'))`,
  // Who wanted a second principal for single fields wants one for everything.
  'UPDATE installation SET export_approval = reveal_approval',
  `ALTER TABLE reveal_requests ADD COLUMN act text NOT NULL DEFAULT 'reveal',
   ADD CONSTRAINT chk_reveal_requests_act CHECK (act IN ('reveal', 'export'))`,
];

const down = [
  `DELETE FROM reveal_requests WHERE act <> 'reveal'`,
  'ALTER TABLE reveal_requests DROP COLUMN act',
  'ALTER TABLE installation DROP COLUMN export_approval',
];

/** Exports by operators can need the approval of a second principal. */
export class ApprovalOfExports1765800311000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of up) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of down) await runner.query(statement);
  }
}
