import type { MigrationInterface, QueryRunner } from 'typeorm';
import { EarlierBuildError } from '../database.errors';
import { community } from './first-schema/community.sql';
import { delivery } from './first-schema/delivery.sql';
import { doors } from './first-schema/doors.sql';
import { identity } from './first-schema/identity.sql';
import { platform } from './first-schema/platform.sql';
import { wallets } from './first-schema/wallets.sql';

const DROP_ALL = `
  DO $$ DECLARE found record; BEGIN
    FOR found IN SELECT oid::regclass AS name FROM pg_class
      WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition AND relname <> 'migrations'
    LOOP EXECUTE format('DROP TABLE %s CASCADE', found.name); END LOOP;
    FOR found IN SELECT oid::regclass AS name FROM pg_class
      WHERE relnamespace = current_schema()::regnamespace AND relkind = 'S' AND relname <> 'migrations_id_seq'
    LOOP EXECUTE format('DROP SEQUENCE %s', found.name); END LOOP;
    FOR found IN SELECT oid::regprocedure AS name FROM pg_proc WHERE pronamespace = current_schema()::regnamespace
    LOOP EXECUTE format('DROP FUNCTION %s', found.name); END LOOP;
  END $$`;

/**
 * All tables. Until 0.2.0 it is changed in place and renamed with each change, so that a database of an earlier build is refused.
 */
export class FirstSchema1796500000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const earlier = (await runner.query('SELECT name FROM migrations')) as readonly {
      readonly name: string;
    }[];
    if (earlier.length > 0)
      throw new EarlierBuildError(
        `The database is of an earlier build (${earlier.map(({ name }) => name).join()}): take an empty one; of npm start, delete the data folder.`,
      );
    const all = [...platform, ...identity, ...community, ...wallets, ...delivery, ...doors];
    for (const statement of all) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DROP_ALL);
  }
}
