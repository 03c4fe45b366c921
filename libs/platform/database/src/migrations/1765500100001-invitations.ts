import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = [
  `CREATE TABLE team_invitations (
    id uuid NOT NULL,
    team_id uuid NOT NULL,
    application_id uuid NOT NULL,
    token_digest bytea NOT NULL,
    role text NOT NULL,
    inviter_id uuid,
    max_uses integer NOT NULL,
    use_count integer NOT NULL DEFAULT 0,
    expires_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    revoked_at timestamptz,
    revoke_reason text,
    recipient_kind text,
    recipient text,
    created_at timestamptz NOT NULL,
    CONSTRAINT pk_team_invitations PRIMARY KEY (id),
    CONSTRAINT uq_team_invitations_token UNIQUE (token_digest),
    CONSTRAINT fk_team_invitations_team FOREIGN KEY (team_id, application_id) REFERENCES teams (id, application_id)
      ON DELETE CASCADE,
    CONSTRAINT fk_team_invitations_inviter FOREIGN KEY (inviter_id) REFERENCES users (id),
    CONSTRAINT chk_team_invitations_role CHECK (role IN ('admin', 'editor', 'viewer')),
    CONSTRAINT chk_team_invitations_uses CHECK (use_count BETWEEN 0 AND max_uses),
    CONSTRAINT chk_team_invitations_ends_at CHECK (ends_at <= expires_at),
    CONSTRAINT chk_team_invitations_revoked CHECK ((revoked_at IS NULL) = (revoke_reason IS NULL)),
    CONSTRAINT chk_team_invitations_recipient_kind CHECK (recipient_kind IN ('telegram-username', 'telegram-user-id')),
    CONSTRAINT chk_team_invitations_recipient CHECK (recipient IS NULL OR (recipient_kind IS NOT NULL AND inviter_id IS NOT NULL))
  )`,
  'CREATE INDEX ix_team_invitations_team ON team_invitations (team_id, id)',
  'CREATE INDEX ix_team_invitations_inviter ON team_invitations (inviter_id, id)',
  'CREATE INDEX ix_team_invitations_ends_at ON team_invitations (ends_at)',

  `CREATE TABLE invitation_recipients (
    key_id text NOT NULL,
    digest bytea NOT NULL,
    invitation_id uuid NOT NULL,
    CONSTRAINT pk_invitation_recipients PRIMARY KEY (key_id, digest, invitation_id),
    CONSTRAINT fk_invitation_recipients_invitation FOREIGN KEY (invitation_id) REFERENCES team_invitations (id)
      ON DELETE CASCADE
  )`,
  'CREATE INDEX ix_invitation_recipients_invitation ON invitation_recipients (invitation_id)',

  `CREATE TABLE invitation_uses (
    invitation_id uuid NOT NULL,
    user_id uuid NOT NULL,
    at timestamptz NOT NULL,
    CONSTRAINT pk_invitation_uses PRIMARY KEY (invitation_id, user_id),
    CONSTRAINT fk_invitation_uses_invitation FOREIGN KEY (invitation_id) REFERENCES team_invitations (id)
      ON DELETE CASCADE,
    CONSTRAINT fk_invitation_uses_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
  )`,
  'CREATE INDEX ix_invitation_uses_user ON invitation_uses (user_id)',

  `CREATE TABLE invitation_declines (
    invitation_id uuid NOT NULL,
    user_id uuid NOT NULL,
    at timestamptz NOT NULL,
    CONSTRAINT pk_invitation_declines PRIMARY KEY (invitation_id, user_id),
    CONSTRAINT fk_invitation_declines_invitation FOREIGN KEY (invitation_id) REFERENCES team_invitations (id)
      ON DELETE CASCADE,
    CONSTRAINT fk_invitation_declines_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
  )`,
  'CREATE INDEX ix_invitation_declines_user ON invitation_declines (user_id)',

  `CREATE TABLE invitation_blocks (
    user_id uuid NOT NULL,
    team_id uuid NOT NULL,
    at timestamptz NOT NULL,
    CONSTRAINT pk_invitation_blocks PRIMARY KEY (user_id, team_id),
    CONSTRAINT fk_invitation_blocks_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT fk_invitation_blocks_team FOREIGN KEY (team_id) REFERENCES teams (id) ON DELETE CASCADE
  )`,
  'CREATE INDEX ix_invitation_blocks_team ON invitation_blocks (team_id)',
];

const down = [
  'DROP TABLE invitation_blocks',
  'DROP TABLE invitation_declines',
  'DROP TABLE invitation_uses',
  'DROP TABLE invitation_recipients',
  'DROP TABLE team_invitations',
];

/** Invitations to teams, whom they are addressed to, and what people did with them. */
export class Invitations1765500100001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of up) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of down) await runner.query(statement);
  }
}
