import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Metapro's message is off for new applications; those that relied on the default keep it. */
export class MetaproMessage1766000200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      UPDATE applications
      SET settings = jsonb_set(
        settings, '{wallets}', COALESCE(settings -> 'wallets', '{}') || '{"kinds": ["siwe", "metapro", "ton-proof"]}'
      )
      WHERE settings #> '{wallets,kinds}' IS NULL`);
  }

  down(): Promise<void> {
    return Promise.resolve();
  }
}
