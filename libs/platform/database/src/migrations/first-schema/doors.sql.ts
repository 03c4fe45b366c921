export const rapidpace: readonly string[] = [
  `CREATE TABLE rapidpace_secrets (
    id uuid CONSTRAINT pk_rapidpace_secrets PRIMARY KEY,
    application_id uuid NOT NULL CONSTRAINT fk_rapidpace_secrets_application REFERENCES applications(id),
    secret text NOT NULL,
    created_at timestamptz NOT NULL
  )`,
  `CREATE INDEX ix_rapidpace_secrets_application ON rapidpace_secrets (application_id)`,
  `CREATE TRIGGER trg_rapidpace_secrets_changed AFTER INSERT OR DELETE OR UPDATE ON rapidpace_secrets
    FOR EACH ROW
    EXECUTE FUNCTION notify_application_changed('application_id')`,
  `CREATE TRIGGER trg_rapidpace_secrets_digests AFTER DELETE ON rapidpace_secrets
    FOR EACH ROW EXECUTE FUNCTION delete_digests_of_owner()`,
  `CREATE TABLE rapidpace_registrations (
    identity_id uuid NOT NULL CONSTRAINT fk_rapidpace_registrations_identity REFERENCES identities(id) ON DELETE CASCADE,
    application_id uuid NOT NULL CONSTRAINT fk_rapidpace_registrations_application REFERENCES applications(id),
    registered_at timestamptz NOT NULL,
    CONSTRAINT pk_rapidpace_registrations PRIMARY KEY (identity_id, application_id)
  )`,
  `CREATE INDEX ix_rapidpace_registrations_registered_at ON rapidpace_registrations (registered_at)`,
];
