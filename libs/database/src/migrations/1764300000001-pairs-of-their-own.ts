import type { MigrationInterface, QueryRunner } from 'typeorm';

/*
 * Pairs that a proof may repeat move from its row, which is kept for days, to a table of short-lived rows.
 * Replicas of the previous version still write and read them in `proofs`: their pairs are repeated from
 * there, and pairs that they do not find there they refuse. Unlogged: after a crash, re-entry creates a new
 * pair.
 */

export class PairsOfTheirOwn1764300000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE UNLOGGED TABLE proof_pairs (
        session_id uuid NOT NULL,
        issued_at timestamp with time zone NOT NULL,
        pair bytea NOT NULL,
        CONSTRAINT pk_proof_pairs PRIMARY KEY (session_id)
      )`,
    );
    await runner.query(`ALTER TABLE proofs ADD COLUMN secret_digest bytea`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE proofs DROP COLUMN secret_digest`);
    await runner.query(`DROP TABLE proof_pairs`);
  }
}
