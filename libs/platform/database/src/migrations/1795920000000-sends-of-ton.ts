import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A send of TON that is never in a block gives its seqno back. */
export class SendsOfTon1795920000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await this.unique(queryRunner, `state NOT IN ('replaced', 'not-sent')`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    // The key stays: a call that is repeated sends nothing.
    await queryRunner.query(`UPDATE sends SET state = 'replaced' WHERE state = 'not-sent'`);
    await this.unique(queryRunner, `state <> 'replaced'`);
  }

  private async unique(queryRunner: QueryRunner, where: string): Promise<void> {
    await queryRunner.query('DROP INDEX uq_sends_nonce');
    await queryRunner.query(
      `CREATE UNIQUE INDEX uq_sends_nonce ON sends (wallet_id, chain_id, nonce) WHERE ${where}`,
    );
  }
}
