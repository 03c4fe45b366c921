/** Tables of the door of Xellar's clients. */
export const xellar: readonly string[] = [
  `CREATE TABLE xellar_used_tokens (
    token_id uuid NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT pk_xellar_used_tokens PRIMARY KEY (token_id)
  )`,
  `CREATE INDEX ix_xellar_used_tokens_expires ON xellar_used_tokens (expires_at)`,
];
