export const teams: readonly string[] = [
  `CREATE TABLE team_members (
    team_id uuid NOT NULL,
    user_id uuid NOT NULL CONSTRAINT fk_team_members_user REFERENCES users(id),
    application_id uuid NOT NULL,
    role text NOT NULL CONSTRAINT chk_team_members_role CHECK (role IN ('owner', 'admin', 'editor', 'viewer')),
    joined_at timestamptz NOT NULL,
    invited_by uuid CONSTRAINT fk_team_members_inviter REFERENCES users(id) ON DELETE SET NULL,
    CONSTRAINT pk_team_members PRIMARY KEY (team_id, user_id),
    CONSTRAINT uq_team_members_role UNIQUE (team_id, role, user_id)
  )`,
  `CREATE INDEX ix_team_members_inviter ON team_members (invited_by) WHERE (invited_by IS NOT NULL)`,
  `CREATE INDEX ix_team_members_user ON team_members (user_id, application_id, team_id)`,
  `CREATE UNIQUE INDEX uq_team_members_owner ON team_members (team_id) WHERE (role = 'owner')`,
  `CREATE TABLE teams (
    id uuid CONSTRAINT pk_teams PRIMARY KEY,
    application_id uuid NOT NULL CONSTRAINT fk_teams_application REFERENCES applications(id),
    name text NOT NULL,
    name_key text NOT NULL COLLATE pg_catalog."C",
    description text,
    logo_url text,
    banner_url text,
    website_url text,
    social_links text[] DEFAULT '{}' NOT NULL,
    created_by uuid CONSTRAINT fk_teams_creator REFERENCES users(id) ON DELETE SET NULL,
    owner_id uuid NOT NULL,
    owner_role text DEFAULT 'owner' NOT NULL CONSTRAINT chk_teams_owner_role CHECK (owner_role = 'owner'),
    member_count integer NOT NULL CONSTRAINT chk_teams_member_count CHECK (member_count > 0),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT uq_teams_application UNIQUE (id, application_id),
    CONSTRAINT uq_teams_name UNIQUE (application_id, name_key),
    CONSTRAINT fk_teams_owner FOREIGN KEY (id, owner_id, owner_role) REFERENCES team_members(team_id, user_id, role) DEFERRABLE
      INITIALLY DEFERRED
  )`,
  `CREATE INDEX ix_teams_application ON teams (application_id, id)`,
  `CREATE INDEX ix_teams_creator ON teams (created_by, application_id, id)`,
  `ALTER TABLE team_members ADD CONSTRAINT fk_team_members_team FOREIGN KEY (team_id, application_id) REFERENCES teams(id,
    application_id) ON DELETE CASCADE`,
];

export const invitations: readonly string[] = [
  `CREATE TABLE team_invitations (
    id uuid CONSTRAINT pk_team_invitations PRIMARY KEY,
    team_id uuid NOT NULL,
    application_id uuid NOT NULL,
    token_digest bytea NOT NULL CONSTRAINT uq_team_invitations_token UNIQUE,
    role text NOT NULL CONSTRAINT chk_team_invitations_role CHECK (role IN ('admin', 'editor', 'viewer')),
    inviter_id uuid CONSTRAINT fk_team_invitations_inviter REFERENCES users(id),
    max_uses integer NOT NULL,
    use_count integer DEFAULT 0 NOT NULL,
    expires_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    revoked_at timestamptz,
    revoke_reason text,
    created_at timestamptz NOT NULL,
    CONSTRAINT fk_team_invitations_team FOREIGN KEY (team_id, application_id) REFERENCES teams(id, application_id) ON DELETE
      CASCADE,
    CONSTRAINT chk_team_invitations_ends_at CHECK (ends_at <= expires_at),
    CONSTRAINT chk_team_invitations_revoked CHECK ((revoked_at IS NULL) = (revoke_reason IS NULL)),
    CONSTRAINT chk_team_invitations_uses CHECK ((use_count >= 0) AND (use_count <= max_uses))
  )`,
  `CREATE INDEX ix_team_invitations_ends_at ON team_invitations (ends_at)`,
  `CREATE INDEX ix_team_invitations_inviter ON team_invitations (inviter_id, id)`,
  `CREATE INDEX ix_team_invitations_team ON team_invitations (team_id, id)`,
  `CREATE TABLE invitation_uses (
    invitation_id uuid NOT NULL CONSTRAINT fk_invitation_uses_invitation REFERENCES team_invitations(id) ON DELETE CASCADE,
    user_id uuid NOT NULL CONSTRAINT fk_invitation_uses_user REFERENCES users(id) ON DELETE CASCADE,
    at timestamptz NOT NULL,
    CONSTRAINT pk_invitation_uses PRIMARY KEY (invitation_id, user_id)
  )`,
  `CREATE INDEX ix_invitation_uses_user ON invitation_uses (user_id)`,
];

export const listings: readonly string[] = [
  `CREATE TABLE listings (
    id uuid CONSTRAINT pk_listings PRIMARY KEY,
    application_id uuid NOT NULL CONSTRAINT uq_listings_application UNIQUE,
    team_id uuid,
    key text NOT NULL COLLATE pg_catalog."C" CONSTRAINT uq_listings_key UNIQUE,
    name text NOT NULL,
    name_key text NOT NULL COLLATE pg_catalog."C" CONSTRAINT uq_listings_name UNIQUE,
    description text,
    logo_url text,
    banner_url text,
    website_url text,
    social_links text[] DEFAULT '{}' NOT NULL CONSTRAINT chk_listings_social_links CHECK (cardinality(social_links) <= 8),
    category text,
    platforms jsonb DEFAULT '[]' NOT NULL CONSTRAINT chk_listings_platforms CHECK (jsonb_array_length(platforms) <= 8),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    published_at timestamptz,
    CONSTRAINT fk_listings_application FOREIGN KEY (application_id) REFERENCES applications(id),
    CONSTRAINT fk_listings_team FOREIGN KEY (team_id, application_id) REFERENCES teams(id, application_id) ON DELETE SET NULL
      (team_id),
    CONSTRAINT chk_listings_category CHECK ((category ~ '^[a-z0-9]+(-[a-z0-9]+)*$') AND (length(category) <= 32)),
    CONSTRAINT chk_listings_key CHECK ((key ~ '^[a-z][a-z0-9]*(-[a-z0-9]+)*$') AND ((length(key) >= 3) AND (length(key) <= 32)))
  )`,
  `CREATE INDEX ix_listings_category ON listings (category, id)`,
  `CREATE INDEX ix_listings_published ON listings (id) WHERE (published_at IS NOT NULL)`,
  `CREATE INDEX ix_listings_team ON listings (team_id, id)`,
  `CREATE TABLE favourites (
    user_id uuid NOT NULL CONSTRAINT fk_favourites_user REFERENCES users(id),
    application_id uuid NOT NULL CONSTRAINT fk_favourites_application REFERENCES applications(id),
    listing_id uuid NOT NULL CONSTRAINT fk_favourites_listing REFERENCES listings(id),
    created_at timestamptz NOT NULL,
    CONSTRAINT pk_favourites PRIMARY KEY (user_id, application_id, listing_id)
  )`,
];

export const referrals: readonly string[] = [
  `CREATE SEQUENCE referral_nodes_sequence`,
  `CREATE TABLE referral_nodes (
    application_id uuid NOT NULL CONSTRAINT fk_referral_nodes_application REFERENCES applications(id),
    id bigint DEFAULT nextval('referral_nodes_sequence') NOT NULL,
    person_id bigint NOT NULL CONSTRAINT chk_referral_nodes_person CHECK (person_id > 0),
    user_id uuid CONSTRAINT fk_referral_nodes_user REFERENCES users(id) ON DELETE SET NULL,
    parent_id bigint,
    source text CONSTRAINT chk_referral_nodes_source CHECK (source IN ('start-param', 'body')),
    digest bytea,
    created_at timestamptz NOT NULL,
    CONSTRAINT pk_referral_nodes PRIMARY KEY (application_id, id),
    CONSTRAINT fk_referral_nodes_parent FOREIGN KEY (application_id, parent_id) REFERENCES referral_nodes(application_id, id),
    CONSTRAINT chk_referral_nodes_bound CHECK ((parent_id IS NULL) = (source IS NULL)),
    CONSTRAINT chk_referral_nodes_no_circle CHECK (parent_id < id)
  )`,
  `CREATE INDEX ix_referral_nodes_digest ON referral_nodes (application_id, digest) WHERE (digest IS NOT NULL)`,
  `CREATE INDEX ix_referral_nodes_digest_at ON referral_nodes (created_at) WHERE (digest IS NOT NULL)`,
  `CREATE INDEX ix_referral_nodes_parent ON referral_nodes (application_id, parent_id, id)`,
  `CREATE INDEX ix_referral_nodes_user ON referral_nodes (user_id)`,
  `CREATE UNIQUE INDEX uq_referral_nodes_person ON referral_nodes (application_id, user_id) WHERE (id = person_id)`,
  `CREATE FUNCTION refuse_change_of_referral() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    RAISE EXCEPTION 'a referral is never changed' USING ERRCODE = 'integrity_constraint_violation';
  END $$`,
  `CREATE TRIGGER trg_referral_nodes_fixed BEFORE UPDATE ON referral_nodes
    FOR EACH ROW WHEN (old.application_id IS DISTINCT FROM new.application_id OR old.id IS DISTINCT FROM new.id OR old.parent_id
      IS DISTINCT FROM new.parent_id OR old.source IS DISTINCT FROM new.source OR old.created_at IS DISTINCT FROM new.created_at)
    EXECUTE FUNCTION refuse_change_of_referral()`,
  `CREATE TABLE referral_keys (
    application_id uuid CONSTRAINT pk_referral_keys PRIMARY KEY CONSTRAINT fk_referral_keys_application REFERENCES applications(id),
    secret text NOT NULL
  )`,
  `CREATE TABLE referral_codes (
    code text CONSTRAINT pk_referral_codes PRIMARY KEY,
    application_id uuid NOT NULL,
    node_id bigint NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT uq_referral_codes_node UNIQUE (application_id, node_id),
    CONSTRAINT fk_referral_codes_node FOREIGN KEY (application_id, node_id) REFERENCES referral_nodes(application_id, id),
    CONSTRAINT chk_referral_codes_code CHECK (code ~ '^[a-hjkmnp-z2-9]{12}$')
  )`,
];

export const leaderboards: readonly string[] = [
  `CREATE TABLE boards (
    id uuid CONSTRAINT pk_boards PRIMARY KEY,
    application_id uuid NOT NULL CONSTRAINT fk_boards_application REFERENCES applications(id),
    name text NOT NULL,
    rule text NOT NULL CONSTRAINT chk_boards_rule CHECK (rule IN ('best', 'last', 'sum')),
    better text NOT NULL CONSTRAINT chk_boards_better CHECK (better IN ('higher', 'lower')),
    calendar text NOT NULL CONSTRAINT chk_boards_calendar CHECK (calendar IN ('daily', 'weekly', 'monthly', 'by-hand')),
    is_unverified boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
  )`,
  `CREATE INDEX ix_boards_application ON boards (application_id, id)`,
  `CREATE TABLE board_seasons (
    id uuid CONSTRAINT pk_board_seasons PRIMARY KEY,
    board_id uuid NOT NULL CONSTRAINT fk_board_seasons_board REFERENCES boards(id),
    number integer NOT NULL CONSTRAINT chk_board_seasons_number CHECK (number > 0),
    starts_at timestamptz NOT NULL,
    ends_at timestamptz,
    closed_at timestamptz,
    people integer,
    ranked_to bigint DEFAULT 0 NOT NULL,
    CONSTRAINT uq_board_seasons_end UNIQUE (board_id, ends_at),
    CONSTRAINT uq_board_seasons_number UNIQUE (board_id, number),
    CONSTRAINT chk_board_seasons_order CHECK (starts_at < ends_at)
  )`,
  `CREATE INDEX ix_board_seasons_closed ON board_seasons (closed_at)`,
  `CREATE INDEX ix_board_seasons_open ON board_seasons (ends_at) WHERE (closed_at IS NULL)`,
  `CREATE UNIQUE INDEX uq_board_seasons_without_end ON board_seasons (board_id) WHERE ((ends_at IS NULL) AND (closed_at IS NULL))`,
  `CREATE TABLE board_buckets (
    season_id uuid NOT NULL CONSTRAINT fk_board_buckets_season REFERENCES board_seasons(id),
    from_key bigint NOT NULL,
    from_reached bigint NOT NULL,
    before integer NOT NULL,
    CONSTRAINT pk_board_buckets PRIMARY KEY (season_id, from_key, from_reached)
  )`,
  `CREATE TABLE board_entries (
    season_id uuid NOT NULL CONSTRAINT fk_board_entries_season REFERENCES board_seasons(id),
    sort_key bigint NOT NULL,
    reached bigint NOT NULL,
    user_id uuid CONSTRAINT fk_board_entries_user REFERENCES users(id) ON DELETE SET NULL,
    reached_at timestamptz NOT NULL,
    CONSTRAINT pk_board_entries PRIMARY KEY (season_id, sort_key, reached),
    CONSTRAINT chk_board_entries_range CHECK ((sort_key >= -9007199254740991) AND (sort_key <=
      9007199254740991))
  )`,
  `CREATE UNIQUE INDEX uq_board_entries_user ON board_entries (user_id, season_id)`,
  `CREATE SEQUENCE board_scores_sequence`,
  `CREATE TABLE board_scores (
    board_id uuid NOT NULL,
    id text NOT NULL CONSTRAINT chk_board_scores_id CHECK (id ~ '^[A-Za-z0-9._:-]{1,64}$'),
    season_id uuid NOT NULL CONSTRAINT fk_board_scores_season REFERENCES board_seasons(id),
    user_id uuid NOT NULL CONSTRAINT fk_board_scores_user REFERENCES users(id),
    score bigint NOT NULL,
    sequence bigint NOT NULL,
    accepted_at timestamptz NOT NULL,
    CONSTRAINT pk_board_scores PRIMARY KEY (board_id, id),
    CONSTRAINT chk_board_scores_range CHECK ((score >= -9007199254740991) AND (score <= 9007199254740991))
  )`,
  `CREATE INDEX ix_board_scores_season ON board_scores (season_id, sequence)`,
  `CREATE INDEX ix_board_scores_user ON board_scores (user_id, season_id, sequence)`,
];
