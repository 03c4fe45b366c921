import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who may call the administration API, and what repeated requests of it are answered. */
export class Principals1764900000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE principals (
        id uuid NOT NULL,
        name text NOT NULL,
        kind text NOT NULL,
        status text NOT NULL,
        scopes text[] NOT NULL,
        keys jsonb NOT NULL,
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL,
        CONSTRAINT pk_principals PRIMARY KEY (id),
        CONSTRAINT uq_principals_name UNIQUE (name),
        CONSTRAINT chk_principals_kind CHECK (kind IN ('person', 'machine')),
        CONSTRAINT chk_principals_status CHECK (status IN ('active', 'disabled'))
      )`);
    await runner.query(`
      CREATE TABLE principal_secrets (
        id uuid NOT NULL,
        principal_id uuid NOT NULL,
        name text NOT NULL,
        digest bytea NOT NULL,
        is_one_time boolean NOT NULL,
        created_at timestamptz NOT NULL,
        expires_at timestamptz,
        last_used_at timestamptz,
        CONSTRAINT pk_principal_secrets PRIMARY KEY (id),
        CONSTRAINT uq_principal_secrets_digest UNIQUE (digest),
        CONSTRAINT fk_principal_secrets_principal FOREIGN KEY (principal_id) REFERENCES principals (id) ON DELETE CASCADE
      )`);
    await runner.query('CREATE INDEX ix_principal_secrets_principal ON principal_secrets (principal_id)');
    await runner.query(`
      CREATE TABLE principal_tokens (
        digest bytea NOT NULL,
        principal_id uuid NOT NULL,
        scopes text[] NOT NULL,
        secret_id uuid,
        expires_at timestamptz NOT NULL,
        CONSTRAINT pk_principal_tokens PRIMARY KEY (digest),
        CONSTRAINT fk_principal_tokens_principal FOREIGN KEY (principal_id) REFERENCES principals (id) ON DELETE CASCADE
      )`);
    await runner.query('CREATE INDEX ix_principal_tokens_principal ON principal_tokens (principal_id)');
    await runner.query('CREATE INDEX ix_principal_tokens_expires_at ON principal_tokens (expires_at)');
    await runner.query(`
      CREATE TABLE principal_assertions (
        digest bytea NOT NULL,
        expires_at timestamptz NOT NULL,
        CONSTRAINT pk_principal_assertions PRIMARY KEY (digest)
      )`);
    await runner.query(
      'CREATE INDEX ix_principal_assertions_expires_at ON principal_assertions (expires_at)',
    );
    await runner.query(`
      CREATE TABLE idempotency_keys (
        id uuid NOT NULL,
        digest bytea NOT NULL,
        fingerprint bytea NOT NULL,
        answer text,
        created_at timestamptz NOT NULL,
        CONSTRAINT pk_idempotency_keys PRIMARY KEY (id)
      )`);
    await runner.query('CREATE UNIQUE INDEX uq_idempotency_keys_digest ON idempotency_keys (digest)');
    await runner.query('CREATE INDEX ix_idempotency_keys_created_at ON idempotency_keys (created_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of [
      'idempotency_keys',
      'principal_assertions',
      'principal_tokens',
      'principal_secrets',
      'principals',
    ])
      await runner.query(`DROP TABLE ${table}`);
  }
}
