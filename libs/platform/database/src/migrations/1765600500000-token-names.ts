import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = [
  // Which contracts are asked tells a dump which tokens came to wallets: a token may have one holder. So there are
  // keyed digests of them.
  `CREATE TABLE token_name_keys (
    chain_id text NOT NULL,
    names_key text NOT NULL,
    CONSTRAINT pk_token_name_keys PRIMARY KEY (chain_id)
  )`,
  `CREATE TABLE token_names (
    chain_id text NOT NULL,
    digest bytea NOT NULL,
    content text NOT NULL,
    asked_on date NOT NULL,
    CONSTRAINT pk_token_names PRIMARY KEY (chain_id, digest),
    CONSTRAINT fk_token_names_key FOREIGN KEY (chain_id) REFERENCES token_name_keys (chain_id)
  )`,
  'CREATE INDEX ix_token_names_asked ON token_names (asked_on)',
];

/** What contracts of tokens say of themselves. */
export class TokenNames1765600500000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of up) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE token_names');
    await runner.query('DROP TABLE token_name_keys');
  }
}
