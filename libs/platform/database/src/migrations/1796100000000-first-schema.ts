import type { MigrationInterface, QueryRunner } from 'typeorm';
import { community } from './first-schema/community.sql';
import { delivery } from './first-schema/delivery.sql';
import { doors } from './first-schema/doors.sql';
import { identity } from './first-schema/identity.sql';
import { imports } from './first-schema/imports.sql';
import { platform } from './first-schema/platform.sql';
import { wallets } from './first-schema/wallets.sql';

/** The last one of the builds before 0.1.0. */
const LAST_BEFORE = 'GasOfSends1796030000000';

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

/** All tables of version 0.1.0. A database of the last build before it has most of them. */
export class FirstSchema1796100000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const earlier = (await runner.query('SELECT name FROM migrations')) as readonly {
      readonly name: string;
    }[];
    const isOfLastBuild = earlier.some(({ name }) => name === LAST_BEFORE);
    if (earlier.length > 0 && !isOfLastBuild)
      throw new Error(
        `the database is of a build before 0.1.0 that lacks ${LAST_BEFORE}: migrate with the last of these builds first`,
      );
    const all = [...platform, ...identity, ...community, ...wallets, ...delivery, ...doors];
    const lacking = ['ALTER TABLE identities ADD COLUMN imported text', ...imports];
    for (const statement of isOfLastBuild ? lacking : all) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DROP_ALL);
  }
}
