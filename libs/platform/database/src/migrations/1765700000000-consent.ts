import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = [
  'ALTER TABLE sessions ADD proof_made_at timestamptz',
  // Whose they are is in the rows of the sessions: merges, erasures and retention need nothing here.
  `CREATE TABLE step_ups (
    id uuid NOT NULL,
    act text NOT NULL,
    asking_session_id uuid,
    code_digest bytea,
    expires_at timestamptz NOT NULL,
    ready_at timestamptz,
    session_id uuid,
    grant_digest bytea,
    grant_expires_at timestamptz,
    used_at timestamptz,
    CONSTRAINT pk_step_ups PRIMARY KEY (id),
    CONSTRAINT uq_step_ups_code UNIQUE (code_digest),
    CONSTRAINT uq_step_ups_grant UNIQUE (grant_digest),
    CONSTRAINT fk_step_ups_asking_session FOREIGN KEY (asking_session_id) REFERENCES sessions (id) ON DELETE CASCADE,
    CONSTRAINT fk_step_ups_session FOREIGN KEY (session_id) REFERENCES sessions (id) ON DELETE CASCADE,
    CONSTRAINT chk_step_ups_grant CHECK (
      (grant_digest IS NULL) = (grant_expires_at IS NULL) AND (grant_digest IS NULL OR session_id IS NOT NULL)
    )
  )`,
  'CREATE INDEX ix_step_ups_asking_session ON step_ups (asking_session_id)',
  'CREATE INDEX ix_step_ups_session ON step_ups (session_id)',
  'CREATE INDEX ix_step_ups_expires ON step_ups (expires_at)',
  `CREATE TABLE joins (
    id uuid NOT NULL,
    asking_session_id uuid NOT NULL,
    code_digest bytea NOT NULL,
    number smallint NOT NULL,
    assurance text NOT NULL,
    bots text[] NOT NULL,
    failed_attempts smallint DEFAULT 0 NOT NULL,
    asked_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
    outcome text,
    CONSTRAINT pk_joins PRIMARY KEY (id),
    CONSTRAINT uq_joins_code UNIQUE (code_digest),
    CONSTRAINT fk_joins_asking_session FOREIGN KEY (asking_session_id) REFERENCES sessions (id) ON DELETE CASCADE,
    CONSTRAINT chk_joins_number CHECK (number BETWEEN 10 AND 99),
    CONSTRAINT chk_joins_assurance CHECK (assurance IN ('vendor', 'bot-token', 'platform')),
    CONSTRAINT chk_joins_outcome CHECK (outcome IN ('accepted', 'declined', 'withdrawn', 'failed')),
    CONSTRAINT chk_joins_end CHECK ((ended_at IS NULL) = (outcome IS NULL))
  )`,
  'CREATE INDEX ix_joins_asking_session ON joins (asking_session_id)',
  'CREATE INDEX ix_joins_expires ON joins (expires_at)',
];

/** Step-ups that name an act, and requests to join two accounts. */
export class Consent1765700000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of up) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE joins');
    await runner.query('DROP TABLE step_ups');
    await runner.query('ALTER TABLE sessions DROP proof_made_at');
  }
}
