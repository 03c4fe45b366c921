import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The digest of a request with an `Idempotency-Key` is sealed under the ring, and so survives every rotation. */
export class SealedDigestsOfRequests1765000200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // A keyed digest cannot become a sealed one.
    await runner.query('DELETE FROM idempotency_keys');
    await runner.query(
      'ALTER TABLE idempotency_keys DROP COLUMN fingerprint, ADD COLUMN request text NOT NULL',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DELETE FROM idempotency_keys');
    await runner.query(
      'ALTER TABLE idempotency_keys DROP COLUMN request, ADD COLUMN fingerprint bytea NOT NULL',
    );
  }
}
