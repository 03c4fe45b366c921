import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = [
  `CREATE TABLE proof_cutoffs (
    id uuid NOT NULL,
    identity_id uuid NOT NULL,
    application_id uuid,
    assurance text NOT NULL,
    of_allowed_bots boolean NOT NULL,
    not_before timestamptz NOT NULL,
    CONSTRAINT pk_proof_cutoffs PRIMARY KEY (id),
    CONSTRAINT fk_proof_cutoffs_identity FOREIGN KEY (identity_id) REFERENCES identities (id) ON DELETE CASCADE,
    CONSTRAINT fk_proof_cutoffs_application FOREIGN KEY (application_id) REFERENCES applications (id),
    CONSTRAINT chk_proof_cutoffs_assurance CHECK (assurance IN ('vendor', 'bot-token', 'platform'))
  )`,
  'CREATE INDEX ix_proof_cutoffs_identity ON proof_cutoffs (identity_id)',
];

/** From when on some proofs of single identities count. */
export class ProofCutoffs1765800500000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of up) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE proof_cutoffs');
  }
}
