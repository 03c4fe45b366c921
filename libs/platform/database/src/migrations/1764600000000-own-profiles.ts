import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Fields that people set themselves, their public copies, and usernames by digest. See ADR 0040. */
export class OwnProfiles1764600000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE identities ADD COLUMN premium text`);
    await runner.query(`ALTER TABLE users ADD COLUMN has_profile boolean NOT NULL DEFAULT false`);
    await runner.query(`
      CREATE TABLE profiles (
        user_id uuid NOT NULL,
        display_name text,
        username text,
        avatar_url text,
        banner_url text,
        biography text,
        links text,
        email text,
        phone text,
        field_settings jsonb NOT NULL DEFAULT '{}',
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL,
        CONSTRAINT pk_profiles PRIMARY KEY (user_id),
        CONSTRAINT fk_profiles_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
      )`);
    await runner.query(`
      CREATE TABLE public_profiles (
        user_id uuid NOT NULL,
        display_name text,
        username text,
        avatar_url text,
        banner_url text,
        biography text,
        links text,
        email text,
        phone text,
        updated_at timestamptz NOT NULL,
        CONSTRAINT pk_public_profiles PRIMARY KEY (user_id),
        CONSTRAINT fk_public_profiles_profile FOREIGN KEY (user_id) REFERENCES profiles (user_id) ON DELETE CASCADE
      )`);
    await runner.query(`
      CREATE TABLE profile_preferences (
        user_id uuid NOT NULL,
        application_id uuid NOT NULL,
        preferences text NOT NULL,
        assurance text NOT NULL,
        updated_at timestamptz NOT NULL,
        CONSTRAINT pk_profile_preferences PRIMARY KEY (user_id, application_id),
        CONSTRAINT fk_profile_preferences_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
        CONSTRAINT fk_profile_preferences_application FOREIGN KEY (application_id) REFERENCES applications (id)
      )`);
    // A row whose person was deleted without `erase` would keep its name for ever: the check refuses that.
    await runner.query(`
      CREATE TABLE username_digests (
        key_id text NOT NULL,
        digest bytea NOT NULL,
        user_id uuid,
        held_until timestamptz,
        CONSTRAINT pk_username_digests PRIMARY KEY (key_id, digest),
        CONSTRAINT fk_username_digests_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE SET NULL,
        CONSTRAINT chk_username_digests_owned CHECK (user_id IS NOT NULL OR held_until IS NOT NULL)
      )`);
    await runner.query(`CREATE INDEX ix_username_digests_user ON username_digests (user_id)`);
    await runner.query(
      `CREATE INDEX ix_username_digests_held ON username_digests (held_until) WHERE held_until IS NOT NULL`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE username_digests`);
    await runner.query(`DROP TABLE profile_preferences`);
    await runner.query(`DROP TABLE public_profiles`);
    await runner.query(`DROP TABLE profiles`);
    await runner.query(`ALTER TABLE users DROP COLUMN has_profile`);
    await runner.query(`ALTER TABLE identities DROP COLUMN premium`);
  }
}
