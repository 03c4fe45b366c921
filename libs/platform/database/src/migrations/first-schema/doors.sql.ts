/** Tables of the door of Xellar's clients. */
export const xellar: readonly string[] = [
  `CREATE TABLE xellar_used_tokens (
    token_id uuid NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT pk_xellar_used_tokens PRIMARY KEY (token_id)
  )`,
  `CREATE INDEX ix_xellar_used_tokens_expires ON xellar_used_tokens (expires_at)`,
];

/** Tables of the doors of Rapidpace. Its secrets are read with their application. */
export const rapidpace: readonly string[] = [
  `CREATE TABLE rapidpace_registrations (
    application_id uuid NOT NULL,
    proof_id bytea NOT NULL,
    CONSTRAINT pk_rapidpace_registrations PRIMARY KEY (application_id, proof_id),
    CONSTRAINT fk_rapidpace_registrations_application FOREIGN KEY (application_id) REFERENCES applications(id)
  )`,
];
