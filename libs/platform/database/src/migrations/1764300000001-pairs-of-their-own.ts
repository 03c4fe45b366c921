import type { MigrationInterface, QueryRunner } from 'typeorm';

/*
 * Pairs that a proof may repeat leave its row, which is kept for days, for a table of seconds. Replicas of the version before go
 * on to write and to read them in `proofs`: what they wrote is repeated from there, and what they do not find there they refuse.
 * Unlogged: a pair that is lost by a crash is made anew by re-entry.
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
