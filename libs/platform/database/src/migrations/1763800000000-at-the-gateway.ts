import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whatever an application consists of; changed by an operator, and remembered by every replica. */
const partsOfApplications = {
  applications: 'id',
  bots: 'application_id',
  accepted_bots: 'application_id',
  client_secrets: 'application_id',
  rapidpace_secrets: 'application_id',
};

/** Replicas of the version before go on working on this schema, as long as no setting is used that they do not know. */
const up = [
  `ALTER TABLE sessions
    ADD COLUMN device_key_thumbprint text,
    ADD COLUMN reentry_refused_at timestamptz,
    ADD CONSTRAINT chk_sessions_device_key CHECK (device_key_thumbprint ~ '^[A-Za-z0-9_-]{43}$')`,

  // One index in place of two, for sessions that live and for those that are over: merging asks for all of a person.
  `CREATE INDEX ix_sessions_user ON sessions (user_id, application_id)`,
  `DROP INDEX ix_sessions_user_live`,
  `DROP INDEX ix_sessions_user_over`,

  `CREATE TABLE identity_keys (
    id text NOT NULL,
    algorithm text NOT NULL,
    public_key jsonb NOT NULL,
    private_key text NOT NULL,
    created_at timestamptz NOT NULL,
    signs_from timestamptz NOT NULL,
    CONSTRAINT pk_identity_keys PRIMARY KEY (id),
    CONSTRAINT chk_identity_keys_algorithm CHECK (algorithm IN ('ES256', 'EdDSA'))
  )`,

  // By the database, so that nothing that changes a row can forget it.
  `CREATE FUNCTION notify_identity_keys_changed() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM pg_notify('countersign_identity_keys_changed', '');
    RETURN NULL;
  END $$`,
  `CREATE TRIGGER trg_identity_keys_changed AFTER INSERT OR UPDATE OR DELETE ON identity_keys
   FOR EACH STATEMENT EXECUTE FUNCTION notify_identity_keys_changed()`,

  `CREATE FUNCTION notify_application_changed() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM pg_notify('countersign_applications_changed', to_jsonb(COALESCE(NEW, OLD)) ->> TG_ARGV[0]);
    RETURN NULL;
  END $$`,
  ...Object.entries(partsOfApplications).map(
    ([table, column]) =>
      `CREATE TRIGGER trg_${table}_changed AFTER INSERT OR UPDATE OR DELETE ON ${table}
       FOR EACH ROW EXECUTE FUNCTION notify_application_changed('${column}')`,
  ),
];

const down = [
  // The version before refuses settings that it does not know.
  `UPDATE applications SET settings = settings - 'audiences' - 'deviceKey' - 'identityToken' - 'rateLimits'`,
  ...Object.keys(partsOfApplications).map((table) => `DROP TRIGGER trg_${table}_changed ON ${table}`),
  `DROP FUNCTION notify_application_changed`,
  `DROP TABLE identity_keys`,
  `DROP FUNCTION notify_identity_keys_changed`,
  `CREATE INDEX ix_sessions_user_live ON sessions (user_id, application_id) WHERE ended_at IS NULL`,
  `CREATE INDEX ix_sessions_user_over ON sessions (user_id) WHERE end_reason IN ('logout', 'idle', 'evicted')`,
  `DROP INDEX ix_sessions_user`,
  // It would take the token of a bound session from whoever shows it.
  `DELETE FROM sessions WHERE device_key_thumbprint IS NOT NULL`,
  `ALTER TABLE sessions DROP COLUMN device_key_thumbprint, DROP COLUMN reentry_refused_at`,
];

export class AtTheGateway1763800000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of up) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of down) await runner.query(statement);
  }
}
