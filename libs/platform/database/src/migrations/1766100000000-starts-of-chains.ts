import type { MigrationInterface, QueryRunner } from 'typeorm';

/** From which block on wallets are followed that nothing is stored of. Rows of `wallet_chains` that exist stay. */
export class StartsOfChains1766100000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TABLE chain_starts (
         chain_id text NOT NULL,
         linked_until timestamptz NOT NULL,
         from_block bigint NOT NULL,
         CONSTRAINT pk_chain_starts PRIMARY KEY (chain_id, linked_until),
         CONSTRAINT fk_chain_starts_chain FOREIGN KEY (chain_id) REFERENCES chain_positions (chain_id)
       )`,
    );
  }

  /** Wallets without a row begin anew with the next block. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE chain_starts');
  }
}
