import type { MigrationInterface, QueryRunner } from 'typeorm';
import { EarlierBuildError } from '../database.errors';
import { invitations, leaderboards, listings, referrals, teams } from './first-schema/community.sql';
import { webhooks } from './first-schema/delivery.sql';
import { rapidpace } from './first-schema/doors.sql';
import { identity, openid, profiles } from './first-schema/identity.sql';
import { platform } from './first-schema/platform.sql';
import { embeddedWallets, wallets } from './first-schema/wallets.sql';

/** A migration, and the feature whose tables it makes. */
export interface FeatureMigration {
  readonly feature: string;
  readonly migration: new () => MigrationInterface;
}

/** Login alone, which every database has. */
export const LOGIN = 'login';

/** By feature, each after those whose tables it refers to. Features that are not named have no table. */
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

/** Rows of a feature in tables of login, which go before its own tables do. */
const ELSEWHERE: Readonly<Record<string, readonly string[]>> = {
  rapidpace: [`DELETE FROM digests WHERE kind = 'rapidpace-secret'`],
};

const FIRST = 1_798_000_000_000;

/** All tables. Until 0.2.0 they are changed in place and renamed with each change, so that a database of an earlier build is refused. */
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

/** What undoes a statement; nothing where the table takes it with it. */
function dropOf(statement: string): string | null {
  const [, kind, name] = /^CREATE (?:UNLOGGED )?(TABLE|SEQUENCE|FUNCTION) (\w+)/.exec(statement) ?? [];
  if (name === undefined || kind === undefined) return null;
  return `DROP ${kind} IF EXISTS ${name} CASCADE`;
}
