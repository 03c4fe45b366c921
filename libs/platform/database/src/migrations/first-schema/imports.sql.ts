/** Tables of people who come from an earlier system. */
export const imports: readonly string[] = [
  `CREATE TABLE imports (
    id uuid NOT NULL,
    name text NOT NULL,
    digest_key text NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT pk_imports PRIMARY KEY (id),
    CONSTRAINT uq_imports_name UNIQUE (name)
  )`,
  `CREATE TABLE imported_identities (
    import_id uuid NOT NULL,
    subject_digest bytea NOT NULL,
    external_digest bytea,
    identity_id uuid,
    CONSTRAINT pk_imported_identities PRIMARY KEY (import_id, subject_digest),
    CONSTRAINT uq_imported_identities_external UNIQUE (import_id, external_digest),
    CONSTRAINT fk_imported_identities_identity FOREIGN KEY (identity_id) REFERENCES identities(id) ON DELETE SET NULL,
    CONSTRAINT fk_imported_identities_import FOREIGN KEY (import_id) REFERENCES imports(id) ON DELETE CASCADE
  )`,
  `CREATE INDEX ix_imported_identities_import ON imported_identities (import_id, identity_id)`,
  `CREATE UNIQUE INDEX uq_imported_identities_identity ON imported_identities (identity_id) WHERE (identity_id IS NOT NULL)`,
];
