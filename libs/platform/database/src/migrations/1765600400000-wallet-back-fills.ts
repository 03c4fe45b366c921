import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How far earlier blocks are searched for the transfers of a wallet. */
export class WalletBackFills1765600400000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // The blocks are sealed: a clear one beside the wallet would tell where its transfers lie.
    await runner.query(`CREATE TABLE wallet_back_fills (
      wallet_id uuid NOT NULL,
      chain_id text NOT NULL,
      is_done boolean NOT NULL,
      progress text NOT NULL,
      CONSTRAINT pk_wallet_back_fills PRIMARY KEY (wallet_id, chain_id),
      CONSTRAINT fk_wallet_back_fills_followed FOREIGN KEY (wallet_id, chain_id)
        REFERENCES wallet_chains (wallet_id, chain_id) ON DELETE CASCADE
    )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE wallet_back_fills');
  }
}
