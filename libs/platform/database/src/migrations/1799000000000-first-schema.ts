import type { MigrationInterface, QueryRunner } from 'typeorm';
import { EarlierBuildError } from '../database.errors';
import { invitations, leaderboards, listings, referrals, teams } from './first-schema/community.sql';
import { webhooks } from './first-schema/delivery.sql';
import { rapidpace } from './first-schema/doors.sql';
import { identity, openid, profiles } from './first-schema/identity.sql';
import { platform } from './first-schema/platform.sql';
import { embeddedWallets, wallets } from './first-schema/wallets.sql';

export interface FeatureMigration {
  readonly feature: string;
  readonly migration: new () => MigrationInterface;
}

export const LOGIN = 'login';

/** Each feature comes after the features that it refers to. A feature that is not named has no table. */
const tables: Readonly<Record<string, readonly string[]>> = {
  [LOGIN]: [...platform, ...identity],
  profiles,
  teams,
  invitations,
  listings,
  referrals,
  leaderboards,
  wallets,
  'embedded-wallets': embeddedWallets,
  webhooks,
  rapidpace,
  openid,
};

/** A feature's rows in tables of login. They are deleted before its own tables. */
const ELSEWHERE: Readonly<Record<string, readonly string[]>> = {
  rapidpace: [`DELETE FROM digests WHERE kind = 'rapidpace-secret'`],
};

const FIRST = 1_799_000_000_000;

/** Before 0.3.0, changes edited the migrations in place. Their numbers are new in 0.3.0, so a database of an earlier version is refused. */
export const firstSchema: readonly FeatureMigration[] = Object.entries(tables).map(
  ([feature, statements], index) => ({ feature, migration: migrationOf(feature, statements, FIRST + index) }),
);

function migrationOf(
  feature: string,
  statements: readonly string[],
  milliseconds: number,
): FeatureMigration['migration'] {
  const words = `first-${feature}`
    .split('-')
    .map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`);
  const name = `${words.join('')}${milliseconds}`;
  return class implements MigrationInterface {
    static readonly name = name;
    readonly name = name;

    async up(runner: QueryRunner): Promise<void> {
      if (feature === LOGIN) await refuseEarlierBuild(runner);
      for (const statement of statements) await runner.query(statement);
    }

    async down(runner: QueryRunner): Promise<void> {
      for (const statement of ELSEWHERE[feature] ?? []) await runner.query(statement);
      for (const statement of statements.map(dropOf).toReversed())
        if (statement) await runner.query(statement);
    }
  };
}

async function refuseEarlierBuild(runner: QueryRunner): Promise<void> {
  const earlier = (await runner.query('SELECT name FROM migrations')) as readonly { readonly name: string }[];
  if (earlier.length > 0)
    throw new EarlierBuildError(
      `The database is of an earlier build (${earlier.map(({ name }) => name).join()}): take an empty one; of npm start, delete the data folder.`,
    );
}

/** The statement that undoes another one; null if dropping the table undoes it. */
function dropOf(statement: string): string | null {
  const [, kind, name] = /^CREATE (?:UNLOGGED )?(TABLE|SEQUENCE|FUNCTION) (\w+)/.exec(statement) ?? [];
  if (name === undefined || kind === undefined) return null;
  return `DROP ${kind} IF EXISTS ${name} CASCADE`;
}
