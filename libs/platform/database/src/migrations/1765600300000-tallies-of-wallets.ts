import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = [
  'ALTER TABLE wallet_chains ADD COLUMN has_gap boolean NOT NULL DEFAULT false',

  // Sealed as the rows that it counts: a count beside the id of a wallet would tell which rows are the wallet's.
  `CREATE TABLE wallet_tallies (
    digest bytea NOT NULL,
    content text NOT NULL,
    CONSTRAINT pk_wallet_tallies PRIMARY KEY (digest)
  )`,
];

const down = ['DROP TABLE wallet_tallies', 'ALTER TABLE wallet_chains DROP COLUMN has_gap'];

/** What is not stored of histories of wallets, and whether anything is missing. */
export class TalliesOfWallets1765600300000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of up) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of down) await runner.query(statement);
  }
}
