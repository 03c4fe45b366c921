import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = [
  // A team of another application cannot write the listing. `COLLATE "C"`: the index of names finds prefixes.
  `CREATE TABLE listings (
    id uuid NOT NULL,
    application_id uuid NOT NULL,
    team_id uuid,
    key text COLLATE "C" NOT NULL,
    name text NOT NULL,
    name_key text COLLATE "C" NOT NULL,
    description text,
    logo_url text,
    banner_url text,
    website_url text,
    social_links text[] NOT NULL DEFAULT '{}',
    category text,
    platforms jsonb NOT NULL DEFAULT '[]',
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    published_at timestamptz,
    hidden_at timestamptz,
    CONSTRAINT pk_listings PRIMARY KEY (id),
    CONSTRAINT uq_listings_application UNIQUE (application_id),
    CONSTRAINT uq_listings_key UNIQUE (key),
    CONSTRAINT uq_listings_name UNIQUE (name_key),
    CONSTRAINT fk_listings_application FOREIGN KEY (application_id) REFERENCES applications (id),
    CONSTRAINT fk_listings_team FOREIGN KEY (team_id, application_id) REFERENCES teams (id, application_id)
      ON DELETE SET NULL (team_id),
    CONSTRAINT chk_listings_key CHECK (key ~ '^[a-z][a-z0-9]*(-[a-z0-9]+)*$' AND length(key) BETWEEN 3 AND 32),
    CONSTRAINT chk_listings_category CHECK (category ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(category) <= 32),
    CONSTRAINT chk_listings_social_links CHECK (cardinality(social_links) <= 8),
    CONSTRAINT chk_listings_platforms CHECK (jsonb_array_length(platforms) <= 8)
  )`,
  'CREATE INDEX ix_listings_published ON listings (id) WHERE published_at IS NOT NULL AND hidden_at IS NULL',
  'CREATE INDEX ix_listings_category ON listings (category, id)',
  'CREATE INDEX ix_listings_team ON listings (team_id, id)',

  `CREATE TABLE favourites (
    user_id uuid NOT NULL,
    application_id uuid NOT NULL,
    listing_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT pk_favourites PRIMARY KEY (user_id, application_id, listing_id),
    CONSTRAINT fk_favourites_user FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT fk_favourites_application FOREIGN KEY (application_id) REFERENCES applications (id),
    CONSTRAINT fk_favourites_listing FOREIGN KEY (listing_id) REFERENCES listings (id)
  )`,
];

/** What applications show of themselves, and the favourites of people. */
export class Listings1766200000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of up) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE favourites');
    await runner.query('DROP TABLE listings');
  }
}
