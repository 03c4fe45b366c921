import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = [
  // Without a cache, so that the id of a node is greater than those of all nodes that it can see.
  `CREATE SEQUENCE referral_nodes_sequence AS bigint CACHE 1`,
  `CREATE TABLE referral_nodes (
    application_id uuid NOT NULL,
    id bigint NOT NULL DEFAULT nextval('referral_nodes_sequence'),
    person_id bigint NOT NULL,
    user_id uuid,
    parent_id bigint,
    source text,
    created_at timestamptz NOT NULL,
    CONSTRAINT pk_referral_nodes PRIMARY KEY (application_id, id),
    CONSTRAINT fk_referral_nodes_application FOREIGN KEY (application_id) REFERENCES applications (id),
    CONSTRAINT fk_referral_nodes_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE SET NULL,
    CONSTRAINT fk_referral_nodes_parent
      FOREIGN KEY (application_id, parent_id) REFERENCES referral_nodes (application_id, id),
    CONSTRAINT chk_referral_nodes_no_circle CHECK (parent_id < id),
    CONSTRAINT chk_referral_nodes_person CHECK (person_id > 0),
    CONSTRAINT chk_referral_nodes_source CHECK (source IN ('start-param', 'body')),
    CONSTRAINT chk_referral_nodes_bound CHECK ((parent_id IS NULL) = (source IS NULL))
  )`,
  `CREATE UNIQUE INDEX uq_referral_nodes_person ON referral_nodes (application_id, user_id) WHERE id = person_id`,
  `CREATE INDEX ix_referral_nodes_user ON referral_nodes (user_id)`,

  `CREATE TABLE referral_paths (
    node_id bigint NOT NULL,
    level smallint NOT NULL,
    ancestor_id bigint NOT NULL,
    is_merged boolean NOT NULL DEFAULT false,
    CONSTRAINT pk_referral_paths PRIMARY KEY (node_id, level),
    CONSTRAINT chk_referral_paths_level CHECK (level BETWEEN 1 AND 10),
    CONSTRAINT chk_referral_paths_no_circle CHECK (ancestor_id < node_id)
  )`,
  `CREATE INDEX ix_referral_paths_ancestor ON referral_paths (ancestor_id, level, node_id, is_merged)`,
  `CREATE INDEX ix_referral_paths_merged ON referral_paths (ancestor_id) WHERE is_merged`,

  `CREATE TABLE referral_codes (
    code text NOT NULL,
    application_id uuid NOT NULL,
    node_id bigint NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT pk_referral_codes PRIMARY KEY (code),
    CONSTRAINT uq_referral_codes_node UNIQUE (application_id, node_id),
    CONSTRAINT fk_referral_codes_node
      FOREIGN KEY (application_id, node_id) REFERENCES referral_nodes (application_id, id),
    CONSTRAINT chk_referral_codes_code CHECK (code ~ '^[a-hjkmnp-z2-9]{12}$')
  )`,

  // By the database, so that no code of ours, and no operator by hand, gives a person another referrer.
  `CREATE FUNCTION refuse_change_of_referral() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    RAISE EXCEPTION 'a referral is never changed' USING ERRCODE = 'integrity_constraint_violation';
  END $$`,
  `CREATE TRIGGER trg_referral_nodes_fixed BEFORE UPDATE ON referral_nodes
   FOR EACH ROW WHEN (
     (OLD.application_id, OLD.id, OLD.parent_id, OLD.source, OLD.created_at)
     IS DISTINCT FROM (NEW.application_id, NEW.id, NEW.parent_id, NEW.source, NEW.created_at)
   ) EXECUTE FUNCTION refuse_change_of_referral()`,
  `CREATE TRIGGER trg_referral_paths_fixed BEFORE UPDATE ON referral_paths
   FOR EACH ROW WHEN (
     (OLD.node_id, OLD.level, OLD.ancestor_id) IS DISTINCT FROM (NEW.node_id, NEW.level, NEW.ancestor_id)
   ) EXECUTE FUNCTION refuse_change_of_referral()`,
];

const down = [
  'DROP TABLE referral_codes',
  'DROP TABLE referral_paths',
  'DROP TABLE referral_nodes',
  'DROP FUNCTION refuse_change_of_referral',
  'DROP SEQUENCE referral_nodes_sequence',
];

/** Who brought whom to an application. */
export class Referrals1765500200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of up) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of down) await runner.query(statement);
  }
}
