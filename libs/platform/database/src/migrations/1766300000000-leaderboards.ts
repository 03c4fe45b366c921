import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = [
  // Without a cache, so that the numbers of one session are in the order of its scores.
  `CREATE SEQUENCE board_scores_sequence AS bigint CACHE 1`,
  `CREATE SEQUENCE board_deltas_sequence AS bigint CACHE 1000`,
  `CREATE TABLE boards (
    id uuid NOT NULL,
    application_id uuid NOT NULL,
    name text NOT NULL,
    rule text NOT NULL,
    better text NOT NULL,
    calendar text NOT NULL,
    max_jump bigint,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT pk_boards PRIMARY KEY (id),
    CONSTRAINT fk_boards_application FOREIGN KEY (application_id) REFERENCES applications (id),
    CONSTRAINT chk_boards_rule CHECK (rule IN ('best', 'last', 'sum')),
    CONSTRAINT chk_boards_better CHECK (better IN ('higher', 'lower')),
    CONSTRAINT chk_boards_calendar CHECK (calendar IN ('daily', 'weekly', 'monthly', 'by-hand')),
    CONSTRAINT chk_boards_max_jump CHECK (max_jump > 0)
  )`,
  `CREATE INDEX ix_boards_application ON boards (application_id, id)`,

  `CREATE TABLE board_seasons (
    id uuid NOT NULL,
    board_id uuid NOT NULL,
    number integer NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz,
    closed_at timestamptz,
    CONSTRAINT pk_board_seasons PRIMARY KEY (id),
    CONSTRAINT fk_board_seasons_board FOREIGN KEY (board_id) REFERENCES boards (id),
    CONSTRAINT uq_board_seasons_number UNIQUE (board_id, number),
    CONSTRAINT uq_board_seasons_end UNIQUE (board_id, ends_at),
    CONSTRAINT chk_board_seasons_number CHECK (number > 0),
    CONSTRAINT chk_board_seasons_order CHECK (starts_at < ends_at)
  )`,
  `CREATE UNIQUE INDEX uq_board_seasons_without_end ON board_seasons (board_id) WHERE ends_at IS NULL AND closed_at IS NULL`,
  `CREATE INDEX ix_board_seasons_open ON board_seasons (ends_at) WHERE closed_at IS NULL`,
  `CREATE INDEX ix_board_seasons_closed ON board_seasons (closed_at)`,

  `CREATE TABLE board_scores (
    board_id uuid NOT NULL,
    id text NOT NULL,
    season_id uuid NOT NULL,
    user_id uuid NOT NULL,
    sent_score bigint NOT NULL,
    score bigint,
    sequence bigint NOT NULL,
    accepted_at timestamptz NOT NULL,
    corrected_at timestamptz,
    correction_reason text,
    CONSTRAINT pk_board_scores PRIMARY KEY (board_id, id),
    CONSTRAINT fk_board_scores_season FOREIGN KEY (season_id) REFERENCES board_seasons (id),
    CONSTRAINT fk_board_scores_user FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT chk_board_scores_id CHECK (id ~ '^[A-Za-z0-9._:-]{1,64}$'),
    CONSTRAINT chk_board_scores_range
      CHECK (score BETWEEN -9007199254740991 AND 9007199254740991 AND sent_score BETWEEN -9007199254740991 AND 9007199254740991),
    CONSTRAINT chk_board_scores_corrected CHECK ((corrected_at IS NULL) = (correction_reason IS NULL))
  )`,
  `CREATE INDEX ix_board_scores_user ON board_scores (user_id, season_id, sequence)`,
  `CREATE INDEX ix_board_scores_season ON board_scores (season_id, sequence)`,

  // The order of the key is the order of the board.
  `CREATE TABLE board_entries (
    season_id uuid NOT NULL,
    sort_key bigint NOT NULL,
    reached bigint NOT NULL,
    user_id uuid,
    reached_at timestamptz NOT NULL,
    CONSTRAINT pk_board_entries PRIMARY KEY (season_id, sort_key, reached),
    CONSTRAINT fk_board_entries_season FOREIGN KEY (season_id) REFERENCES board_seasons (id),
    CONSTRAINT fk_board_entries_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE SET NULL,
    CONSTRAINT chk_board_entries_range CHECK (sort_key BETWEEN -9007199254740991 AND 9007199254740991)
  )`,
  `CREATE UNIQUE INDEX uq_board_entries_user ON board_entries (user_id, season_id)`,

  `CREATE TABLE board_buckets (
    season_id uuid NOT NULL,
    from_key bigint NOT NULL,
    from_reached bigint NOT NULL,
    people integer NOT NULL,
    CONSTRAINT pk_board_buckets PRIMARY KEY (season_id, from_key, from_reached),
    CONSTRAINT fk_board_buckets_season FOREIGN KEY (season_id) REFERENCES board_seasons (id)
  )`,

  `CREATE TABLE board_deltas (
    season_id uuid NOT NULL,
    id bigint NOT NULL DEFAULT nextval('board_deltas_sequence'),
    sort_key bigint NOT NULL,
    reached bigint NOT NULL,
    change smallint NOT NULL,
    CONSTRAINT pk_board_deltas PRIMARY KEY (season_id, id),
    CONSTRAINT chk_board_deltas_change CHECK (change IN (-1, 1))
  ) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000)`,

  `CREATE TABLE board_anomalies (
    id uuid NOT NULL,
    season_id uuid NOT NULL,
    user_id uuid NOT NULL,
    kind text NOT NULL,
    found bigint NOT NULL,
    allowed bigint NOT NULL,
    times integer NOT NULL,
    first_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    CONSTRAINT pk_board_anomalies PRIMARY KEY (id),
    CONSTRAINT uq_board_anomalies_kind UNIQUE (season_id, user_id, kind),
    CONSTRAINT fk_board_anomalies_season FOREIGN KEY (season_id) REFERENCES board_seasons (id),
    CONSTRAINT fk_board_anomalies_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT chk_board_anomalies_kind CHECK (kind IN ('rate', 'jump', 'shared-device-key'))
  )`,
  `CREATE INDEX ix_board_anomalies_user ON board_anomalies (user_id)`,
];

const down = [
  'DROP TABLE board_anomalies',
  'DROP TABLE board_deltas',
  'DROP TABLE board_buckets',
  'DROP TABLE board_entries',
  'DROP TABLE board_scores',
  'DROP TABLE board_seasons',
  'DROP TABLE boards',
  'DROP SEQUENCE board_deltas_sequence',
  'DROP SEQUENCE board_scores_sequence',
];

/** Leaderboards of applications. */
export class Leaderboards1766300000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of up) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of down) await runner.query(statement);
  }
}
