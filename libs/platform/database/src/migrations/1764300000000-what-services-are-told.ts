import type { MigrationInterface, QueryRunner } from 'typeorm';

/*
 * What services learn of a session besides its assurance. Both columns are empty in rows that are there already and in those
 * that replicas of the version before go on to write: such a session names no door, and its proof counts as verified when it
 * was opened.
 */

export class WhatServicesAreTold1764300000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE sessions ADD COLUMN door text, ADD COLUMN authenticated_at timestamp with time zone`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE sessions DROP COLUMN authenticated_at, DROP COLUMN door`);
  }
}
