import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = [
  'ALTER TABLE sends ALTER COLUMN nonce DROP NOT NULL',
  'ALTER TABLE sends ADD COLUMN refusal text',
  `ALTER TABLE sends ADD CONSTRAINT chk_sends_nonce CHECK (
    CASE WHEN nonce IS NULL THEN state IN ('waiting', 'not-sent') ELSE state <> 'waiting' END)`,
  `CREATE TABLE send_waits (
    send_id uuid NOT NULL,
    request text NOT NULL,
    waits_until timestamptz,
    launch_until timestamptz,
    launched_at timestamptz,
    confirmed_at timestamptz,
    CONSTRAINT pk_send_waits PRIMARY KEY (send_id),
    CONSTRAINT fk_send_waits_send FOREIGN KEY (send_id) REFERENCES sends (id) ON DELETE CASCADE,
    CONSTRAINT chk_send_waits_until CHECK ((waits_until IS NULL) <> (launch_until IS NULL))
  )`,
];

/** Sends that wait, unsigned, for a delay or a launch. */
export class WaitingSends1795910000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of up) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE send_waits');
    await runner.query('DELETE FROM sends WHERE nonce IS NULL');
    await runner.query('ALTER TABLE sends DROP CONSTRAINT chk_sends_nonce');
    await runner.query('ALTER TABLE sends DROP COLUMN refusal');
    await runner.query('ALTER TABLE sends ALTER COLUMN nonce SET NOT NULL');
  }
}
