/** Tables of libs/delivery. */
export const delivery: readonly string[] = [
  `CREATE TABLE webhook_endpoints (
    id uuid NOT NULL,
    name text NOT NULL,
    url text NOT NULL,
    types text[] NOT NULL,
    application_ids uuid[],
    status text NOT NULL,
    disabled_reason text,
    failing_since timestamptz,
    warned_at timestamptz,
    paused_until timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT pk_webhook_endpoints PRIMARY KEY (id),
    CONSTRAINT chk_webhook_endpoints_disabled CHECK ((status = 'disabled') = (disabled_reason IS NOT NULL)),
    CONSTRAINT chk_webhook_endpoints_status CHECK (status IN ('active', 'disabled'))
  )`,
  `CREATE TABLE webhook_attempts (
    id uuid NOT NULL,
    endpoint_id uuid NOT NULL,
    event_id uuid NOT NULL,
    attempted_at timestamptz NOT NULL,
    outcome text NOT NULL,
    status integer,
    duration_ms integer NOT NULL,
    CONSTRAINT pk_webhook_attempts PRIMARY KEY (id),
    CONSTRAINT fk_webhook_attempts_endpoint FOREIGN KEY (endpoint_id) REFERENCES webhook_endpoints(id) ON DELETE CASCADE
  )`,
  `CREATE INDEX ix_webhook_attempts_attempted_at ON webhook_attempts (attempted_at)`,
  `CREATE INDEX ix_webhook_attempts_delivery ON webhook_attempts (endpoint_id, event_id, id)`,
  `CREATE TABLE webhook_deliveries (
    endpoint_id uuid NOT NULL,
    sequence bigint NOT NULL,
    event_id uuid NOT NULL,
    occurred_at timestamptz NOT NULL,
    subject text NOT NULL,
    type text NOT NULL,
    state text NOT NULL,
    attempts integer NOT NULL,
    due_at timestamptz NOT NULL,
    finished_at timestamptz,
    CONSTRAINT pk_webhook_deliveries PRIMARY KEY (endpoint_id, sequence),
    CONSTRAINT fk_webhook_deliveries_endpoint FOREIGN KEY (endpoint_id) REFERENCES webhook_endpoints(id) ON DELETE CASCADE,
    CONSTRAINT chk_webhook_deliveries_state CHECK (state IN ('pending', 'delivered', 'failed'))
  )`,
  `CREATE INDEX ix_webhook_deliveries_occurred_at ON webhook_deliveries (occurred_at)`,
  `CREATE INDEX ix_webhook_deliveries_subject ON webhook_deliveries (endpoint_id, subject, sequence) WHERE (state = 'pending')`,
  `CREATE FUNCTION queue_added_webhook_deliveries() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    INSERT INTO webhook_queues AS queue (endpoint_id, subject, due_at)
    SELECT endpoint_id, subject, min(due_at) FROM added WHERE state = 'pending'
    GROUP BY endpoint_id, subject ORDER BY endpoint_id, subject
    ON CONFLICT (endpoint_id, subject)
    DO UPDATE SET due_at = CASE WHEN queue.lease IS NULL THEN least(queue.due_at, excluded.due_at) ELSE queue.due_at END;
    RETURN NULL;
  END $$`,
  `CREATE TRIGGER trg_webhook_deliveries_added AFTER INSERT ON webhook_deliveries REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT
    EXECUTE FUNCTION queue_added_webhook_deliveries()`,
  `CREATE FUNCTION queue_restarted_webhook_delivery() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    INSERT INTO webhook_queues AS queue (endpoint_id, subject, due_at)
    VALUES (NEW.endpoint_id, NEW.subject, NEW.due_at)
    ON CONFLICT (endpoint_id, subject)
    DO UPDATE SET due_at = CASE WHEN queue.lease IS NULL THEN least(queue.due_at, excluded.due_at) ELSE queue.due_at END;
    RETURN NULL;
  END $$`,
  `CREATE TRIGGER trg_webhook_deliveries_restarted AFTER UPDATE ON webhook_deliveries
    FOR EACH ROW WHEN ((new.state = 'pending' AND (old.state <> 'pending' OR new.due_at < old.due_at)))
    EXECUTE FUNCTION queue_restarted_webhook_delivery()`,
  `CREATE TABLE webhook_queues (
    endpoint_id uuid NOT NULL,
    subject text NOT NULL,
    due_at timestamptz NOT NULL,
    lease uuid,
    CONSTRAINT pk_webhook_queues PRIMARY KEY (endpoint_id, subject),
    CONSTRAINT fk_webhook_queues_endpoint FOREIGN KEY (endpoint_id) REFERENCES webhook_endpoints(id) ON DELETE CASCADE
  ) WITH (autovacuum_vacuum_scale_factor='0.02', autovacuum_vacuum_cost_delay='0')`,
  `CREATE INDEX ix_webhook_queues_due ON webhook_queues (endpoint_id, due_at) WHERE (due_at > '-infinity')`,
  `CREATE TABLE webhook_secrets (
    id uuid NOT NULL,
    endpoint_id uuid NOT NULL,
    kind text NOT NULL,
    secret text NOT NULL,
    public_key text,
    created_at timestamptz NOT NULL,
    expires_at timestamptz,
    CONSTRAINT pk_webhook_secrets PRIMARY KEY (id),
    CONSTRAINT fk_webhook_secrets_endpoint FOREIGN KEY (endpoint_id) REFERENCES webhook_endpoints(id) ON DELETE CASCADE,
    CONSTRAINT chk_webhook_secrets_kind CHECK (kind IN ('hmac', 'ed25519')),
    CONSTRAINT chk_webhook_secrets_public_key CHECK ((kind = 'ed25519') = (public_key IS NOT NULL))
  )`,
  `CREATE INDEX ix_webhook_secrets_endpoint ON webhook_secrets (endpoint_id)`,
];
