import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = [
  `CREATE TABLE wallet_challenges (
    digest bytea NOT NULL,
    application_id uuid NOT NULL,
    content bytea NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    CONSTRAINT pk_wallet_challenges PRIMARY KEY (digest),
    CONSTRAINT fk_wallet_challenges_application FOREIGN KEY (application_id) REFERENCES applications (id)
  )`,
  `CREATE INDEX ix_wallet_challenges_expires ON wallet_challenges (expires_at)`,
];

/** What wallets are asked to sign. */
export class WalletChallenges1765600000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of up) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE wallet_challenges');
  }
}
