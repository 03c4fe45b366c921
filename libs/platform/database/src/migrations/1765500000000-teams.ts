import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = [
  // `COLLATE "C"`: the index of names finds prefixes in a database of any locale.
  `CREATE TABLE teams (
    id uuid NOT NULL,
    application_id uuid NOT NULL,
    name text NOT NULL,
    name_key text COLLATE "C" NOT NULL,
    description text,
    logo_url text,
    banner_url text,
    website_url text,
    social_links text[] NOT NULL DEFAULT '{}',
    created_by uuid,
    owner_id uuid NOT NULL,
    owner_role text NOT NULL DEFAULT 'owner',
    member_count integer NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    deleted_at timestamptz,
    CONSTRAINT pk_teams PRIMARY KEY (id),
    CONSTRAINT uq_teams_application UNIQUE (id, application_id),
    CONSTRAINT uq_teams_name UNIQUE (application_id, name_key),
    CONSTRAINT fk_teams_application FOREIGN KEY (application_id) REFERENCES applications (id),
    CONSTRAINT fk_teams_creator FOREIGN KEY (created_by) REFERENCES users (id) ON DELETE SET NULL,
    CONSTRAINT chk_teams_owner_role CHECK (owner_role = 'owner'),
    CONSTRAINT chk_teams_member_count CHECK (member_count > 0)
  )`,
  'CREATE INDEX ix_teams_application ON teams (application_id, id)',
  'CREATE INDEX ix_teams_creator ON teams (created_by, application_id, id)',
  'CREATE INDEX ix_teams_deleted_at ON teams (deleted_at) WHERE deleted_at IS NOT NULL',

  // No cascade from users: the count and the owner of a team would be wrong then.
  `CREATE TABLE team_members (
    team_id uuid NOT NULL,
    user_id uuid NOT NULL,
    application_id uuid NOT NULL,
    role text NOT NULL,
    joined_at timestamptz NOT NULL,
    invited_by uuid,
    CONSTRAINT pk_team_members PRIMARY KEY (team_id, user_id),
    CONSTRAINT uq_team_members_role UNIQUE (team_id, role, user_id),
    CONSTRAINT fk_team_members_team FOREIGN KEY (team_id, application_id) REFERENCES teams (id, application_id)
      ON DELETE CASCADE,
    CONSTRAINT fk_team_members_user FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT fk_team_members_inviter FOREIGN KEY (invited_by) REFERENCES users (id) ON DELETE SET NULL,
    CONSTRAINT chk_team_members_role CHECK (role IN ('owner', 'admin', 'editor', 'viewer'))
  )`,
  `CREATE UNIQUE INDEX uq_team_members_owner ON team_members (team_id) WHERE role = 'owner'`,
  'CREATE INDEX ix_team_members_user ON team_members (user_id, application_id, team_id)',
  'CREATE INDEX ix_team_members_inviter ON team_members (invited_by) WHERE invited_by IS NOT NULL',

  // Deferred: a transfer changes three rows, and a team is inserted before its first member.
  `ALTER TABLE teams ADD CONSTRAINT fk_teams_owner FOREIGN KEY (id, owner_id, owner_role)
   REFERENCES team_members (team_id, user_id, role) DEFERRABLE INITIALLY DEFERRED`,

  `CREATE TABLE team_history (
    id uuid NOT NULL,
    team_id uuid NOT NULL,
    actor_id uuid,
    subject_id uuid,
    action text NOT NULL,
    details jsonb NOT NULL DEFAULT '{}',
    at timestamptz NOT NULL,
    CONSTRAINT pk_team_history PRIMARY KEY (id),
    CONSTRAINT fk_team_history_team FOREIGN KEY (team_id) REFERENCES teams (id) ON DELETE CASCADE,
    CONSTRAINT fk_team_history_actor FOREIGN KEY (actor_id) REFERENCES users (id) ON DELETE SET NULL,
    CONSTRAINT fk_team_history_subject FOREIGN KEY (subject_id) REFERENCES users (id) ON DELETE SET NULL
  )`,
  'CREATE INDEX ix_team_history_team ON team_history (team_id, id)',
  'CREATE INDEX ix_team_history_actor ON team_history (actor_id) WHERE actor_id IS NOT NULL',
  'CREATE INDEX ix_team_history_subject ON team_history (subject_id) WHERE subject_id IS NOT NULL',
  'CREATE INDEX ix_team_history_at ON team_history (at)',
];

const down = [
  'DROP TABLE team_history',
  'ALTER TABLE teams DROP CONSTRAINT fk_teams_owner',
  'DROP TABLE team_members',
  'DROP TABLE teams',
];

/** Teams, their members with exactly one owner, and their history. */
export class Teams1765500000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of up) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of down) await runner.query(statement);
  }
}
