import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = [
  `CREATE TABLE identity_marks (
    mark_id uuid NOT NULL,
    key_id text NOT NULL,
    digest bytea NOT NULL,
    kind text NOT NULL,
    about_id uuid NOT NULL,
    up_to_id uuid,
    at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    CONSTRAINT pk_identity_marks PRIMARY KEY (mark_id, key_id),
    CONSTRAINT chk_identity_marks_kind CHECK (kind IN ('referral', 'team-removal'))
  )`,
  'CREATE INDEX ix_identity_marks_digest ON identity_marks (key_id, digest, about_id)',
  'CREATE INDEX ix_identity_marks_ends_at ON identity_marks (ends_at)',

  `CREATE TABLE team_removals (
    team_id uuid NOT NULL,
    user_id uuid NOT NULL,
    last_invitation_id uuid NOT NULL,
    at timestamptz NOT NULL,
    CONSTRAINT pk_team_removals PRIMARY KEY (team_id, user_id),
    CONSTRAINT fk_team_removals_team FOREIGN KEY (team_id) REFERENCES teams (id) ON DELETE CASCADE,
    CONSTRAINT fk_team_removals_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
  )`,
  'CREATE INDEX ix_team_removals_user ON team_removals (user_id)',
  'CREATE INDEX ix_team_removals_at ON team_removals (at)',

  // The reason told inviters whether a person had an account.
  `UPDATE team_invitations SET revoke_reason = 'revoked' WHERE revoke_reason = 'recipient-erased'`,
];

const down = ['DROP TABLE team_removals', 'DROP TABLE identity_marks'];

/** What outlives an identity at its account: that it was referred, and that it was removed from a team. */
export class IdentityMarks1765700200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of up) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of down) await runner.query(statement);
  }
}
