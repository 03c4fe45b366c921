import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = [
  `CREATE TABLE lookup_fields (
    field text NOT NULL,
    is_on boolean NOT NULL DEFAULT false,
    is_complete boolean NOT NULL DEFAULT false,
    switched_at timestamptz,
    pass_started_at timestamptz,
    position uuid,
    skipped integer NOT NULL DEFAULT 0,
    CONSTRAINT pk_lookup_fields PRIMARY KEY (field),
    CONSTRAINT chk_lookup_fields_field CHECK (field IN ('username', 'phoneNumber'))
  )`,
  `INSERT INTO lookup_fields (field) VALUES ('username'), ('phoneNumber')`,
  `CREATE TABLE lookup_digests (
    identity_id uuid NOT NULL,
    field text NOT NULL,
    key_id text NOT NULL,
    digest bytea NOT NULL,
    CONSTRAINT pk_lookup_digests PRIMARY KEY (identity_id, field, key_id),
    CONSTRAINT fk_lookup_digests_identity FOREIGN KEY (identity_id) REFERENCES identities (id) ON DELETE CASCADE
  )`,
  'CREATE INDEX ix_lookup_digests_digest ON lookup_digests (key_id, digest)',

  // By the database, so that nothing that changes a field can leave the digest of its former value.
  `CREATE FUNCTION delete_former_lookup_digests() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    DELETE FROM lookup_digests WHERE identity_id = NEW.id AND (
      (field = 'username' AND OLD.username IS DISTINCT FROM NEW.username) OR
      (field = 'phoneNumber' AND OLD.phone_number IS DISTINCT FROM NEW.phone_number));
    RETURN NULL;
  END $$`,
  `CREATE TRIGGER trg_identities_lookup_digests AFTER UPDATE OF username, phone_number ON identities
   FOR EACH ROW WHEN (
     OLD.username IS DISTINCT FROM NEW.username OR OLD.phone_number IS DISTINCT FROM NEW.phone_number
   ) EXECUTE FUNCTION delete_former_lookup_digests()`,

  `ALTER TABLE installation ADD COLUMN reveal_approval text NOT NULL DEFAULT 'none',
   ADD CONSTRAINT chk_installation_reveal_approval CHECK (reveal_approval IN ('none', 'second-principal'))`,
  `CREATE TABLE reveal_requests (
    id uuid NOT NULL,
    actor text NOT NULL,
    user_id uuid NOT NULL,
    identity_id uuid,
    fields text[] NOT NULL,
    reason text NOT NULL,
    status text NOT NULL,
    requested_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    decided_by text,
    decided_at timestamptz,
    CONSTRAINT pk_reveal_requests PRIMARY KEY (id),
    CONSTRAINT fk_reveal_requests_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT chk_reveal_requests_status CHECK (status IN ('pending', 'approved', 'declined', 'used')),
    CONSTRAINT chk_reveal_requests_second CHECK (decided_by <> actor)
  )`,
  'CREATE INDEX ix_reveal_requests_user ON reveal_requests (user_id)',
  'CREATE INDEX ix_reveal_requests_expires_at ON reveal_requests (expires_at)',

  `CREATE TABLE operator_counts (
    actor text NOT NULL,
    act text NOT NULL,
    since timestamptz NOT NULL,
    count integer NOT NULL,
    CONSTRAINT pk_operator_counts PRIMARY KEY (actor, act),
    CONSTRAINT chk_operator_counts_act CHECK (act IN ('export', 'lookup'))
  )`,
];

const down = [
  'DROP TABLE operator_counts',
  'DROP TABLE reveal_requests',
  'ALTER TABLE installation DROP COLUMN reveal_approval',
  'DROP TRIGGER trg_identities_lookup_digests ON identities',
  'DROP FUNCTION delete_former_lookup_digests',
  'DROP TABLE lookup_digests',
  'DROP TABLE lookup_fields',
];

/** Look-ups by username and phone number, approval of reveals, and ceilings of operators. */
export class LookupsAndApprovals1765300000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of up) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of down) await runner.query(statement);
  }
}
