import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Why requests were refused, for operators. */
export class RefusedRequests1765000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE refused_requests (
        id uuid NOT NULL,
        request_id text NOT NULL,
        code text NOT NULL,
        status integer NOT NULL,
        route text NOT NULL,
        application_id uuid,
        refused_at timestamptz NOT NULL,
        CONSTRAINT pk_refused_requests PRIMARY KEY (id)
      )`);
    await runner.query('CREATE INDEX ix_refused_requests_request_id ON refused_requests (request_id)');
    await runner.query('CREATE INDEX ix_refused_requests_refused_at ON refused_requests (refused_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE refused_requests');
  }
}
