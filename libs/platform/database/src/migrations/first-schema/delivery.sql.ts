export const webhooks: readonly string[] = [
  `CREATE TABLE webhook_endpoints (
    id uuid CONSTRAINT pk_webhook_endpoints PRIMARY KEY,
    name text NOT NULL,
    url text NOT NULL,
    types text[] NOT NULL,
    application_ids uuid[],
    status text NOT NULL CONSTRAINT chk_webhook_endpoints_status CHECK (status IN ('active', 'disabled')),
    disabled_reason text,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT chk_webhook_endpoints_disabled CHECK ((status = 'disabled') = (disabled_reason IS NOT NULL))
  )`,
  `CREATE FUNCTION notify_webhook_endpoints_changed() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM pg_notify('countersign_webhook_endpoints_changed', '');
    RETURN NULL;
  END $$`,
  `CREATE TRIGGER trg_webhook_endpoints_changed AFTER INSERT OR DELETE OR UPDATE OF types, status ON webhook_endpoints
    FOR EACH STATEMENT
    EXECUTE FUNCTION notify_webhook_endpoints_changed()`,
  `CREATE TABLE webhook_deliveries (
    endpoint_id uuid NOT NULL,
    event_id uuid NOT NULL,
    sequence bigint NOT NULL,
    occurred_at timestamptz NOT NULL,
    subject text NOT NULL,
    type text NOT NULL,
    state text NOT NULL CONSTRAINT chk_webhook_deliveries_state CHECK (state IN ('pending', 'delivered', 'failed')),
    attempts integer NOT NULL,
    due_at timestamptz NOT NULL,
    finished_at timestamptz,
    last_outcome text,
    last_status integer,
    CONSTRAINT pk_webhook_deliveries PRIMARY KEY (endpoint_id, event_id)
  )`,
  `CREATE INDEX ix_webhook_deliveries_occurred_at ON webhook_deliveries (occurred_at)`,
  `CREATE INDEX ix_webhook_deliveries_due ON webhook_deliveries (endpoint_id, due_at) WHERE (state = 'pending')`,
  `CREATE TABLE webhook_secrets (
    id uuid CONSTRAINT pk_webhook_secrets PRIMARY KEY,
    endpoint_id uuid NOT NULL CONSTRAINT fk_webhook_secrets_endpoint REFERENCES webhook_endpoints(id) ON DELETE CASCADE,
    secret text NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz
  )`,
  `CREATE INDEX ix_webhook_secrets_endpoint ON webhook_secrets (endpoint_id)`,
];
