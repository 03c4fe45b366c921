import type { INestApplicationContext } from '@nestjs/common';
import { type Configuration, ConfigurationError, readConfiguration } from '@countersign/config';
import {
  AgreedClock,
  Database,
  describeDatabaseFailure,
  MIGRATE_COMMAND,
  Schema,
} from '@countersign/database';
import type { Call } from '../call';
import { openApplication } from '../connect';
import { UsageError } from '../errors';
import { botFindings } from './bot-api';
import { type Finding, note, ok, unknown, wrong } from './finding';
import { CustodyClient } from '@countersign/custody-client';
import { RingCheck, WrongKeyError } from '@countersign/keys';
import { findRole } from './role.repository';

const PRIVILEGES = 'docs/reference.md#database-role-and-privileges';
const MIN_VERSION = 150_000;

async function databaseFindings(app: INestApplicationContext): Promise<readonly Finding[]> {
  const role = await app.get(Database).read(findRole);
  const findings = [ok('database', `reachable, PostgreSQL ${Math.floor(role.version / 10_000)}`)];
  if (role.version < MIN_VERSION)
    findings.push(wrong('database', 'PostgreSQL is older than 15', 'upgrade PostgreSQL'));
  if (role.isStandby)
    findings.push(
      wrong('database', 'it is a standby: nothing can be written', 'point DATABASE_URL to the primary'),
    );
  if (role.mayCreate !== true)
    findings.push(
      wrong(
        'role',
        'it may not create tables, as daily partitions are',
        `let it own the database: ${PRIVILEGES}`,
      ),
    );
  if (role.isSuperuser)
    findings.push(
      note(
        'role',
        'it is a superuser: its password opens every database of the server',
        `make a role that owns this database alone: ${PRIVILEGES}`,
      ),
    );
  const skewSeconds = await app.get(AgreedClock).skewSeconds();
  if (skewSeconds === 0) findings.push(ok('clock', 'agrees with the clock of the database'));
  else
    findings.push(
      wrong(
        'clock',
        `it differs by ${skewSeconds} s from that of the database: sessions would end early or late`,
        'synchronize both clocks (NTP)',
      ),
    );
  return findings;
}

async function schemaFindings(app: INestApplicationContext): Promise<readonly Finding[]> {
  const missing = await app.get(Schema).missing();
  const unused = await app.get(Schema).unused();
  if (unused.length > 0)
    return [
      wrong(
        'schema',
        `has tables of features that COUNTERSIGN_USE does not name: ${unused.join(', ')}`,
        'docs/login-alone.md#take-a-feature-away',
      ),
    ];
  return missing.length === 0
    ? [ok('schema', 'has all migrations of this version')]
    : [wrong('schema', `lacks ${missing.length} migration(s)`, MIGRATE_COMMAND)];
}

async function keyFindings(app: INestApplicationContext): Promise<readonly Finding[]> {
  try {
    await app.get(RingCheck).compare();
  } catch (error) {
    if (!(error instanceof WrongKeyError)) throw error;
    return [wrong('keys', error.message, 'docs/operations.md#boot-failures')];
  }
  return [ok('keys', 'the ring belongs to this database')];
}

const COMPARISON = 'docs/operations.md#signatures-without-an-act';
const RULES = 'docs/embedded-wallets.md#rules';

/** What its custody process lets wallets do; nothing where the installation has none. */
async function custodyFindings(app: INestApplicationContext): Promise<readonly Finding[]> {
  const custody = clientIn(app);
  if (!custody?.isConfigured) return [];
  try {
    const { brake, rules, comparison } = await custody.health();
    const { assets, consentBots } = rules;
    return [
      ...(brake ? [wrong('custody', `all wallets are stopped since ${brake.since}: ${brake.reason}`)] : []),
      comparison === null
        ? note(
            'custody',
            'CUSTODY_API_DATABASE_URL is not set: it compares signatures with nothing',
            COMPARISON,
          )
        : comparison.withoutAct > 0
          ? wrong('custody', `${comparison.withoutAct} signatures were not allowed by the API`, COMPARISON)
          : ok('custody', `its signatures were compared at ${comparison.comparedAt ?? 'no time yet'}`),
      assets === 0
        ? note('custody', 'its rules name no coin or token: wallets sign messages alone', RULES)
        : ok('custody', `its rules name ${assets} coins and tokens`),
      ...(consentBots === 0
        ? [note('custody', 'its rules name no consent bot: no words are shown, and no freeze ends', RULES)]
        : []),
    ];
  } catch {
    return [wrong('custody', 'it does not answer at CUSTODY_SOCKET', 'docs/operations.md')];
  }
}

/** Null without the feature. */
function clientIn(app: INestApplicationContext): CustodyClient | null {
  try {
    return app.get(CustodyClient, { strict: false });
  } catch {
    return null;
  }
}

const LOOPBACK = /^(?:127\.|::1$|localhost$)/;
/** A range with so short a prefix is the internet, and no proxy. */
const WIDE = /\/[0-7]$/;

/** Settings that are valid, and that weaken what stands in front of the service. */
function gatewayFindings(configuration: Configuration): readonly Finding[] {
  const { nodeEnv, host, publicUrl, trustedProxies } = configuration;
  const isProduction = nodeEnv === 'production';
  const isPublic = !LOOPBACK.test(host);
  const wide = trustedProxies.filter((range) => WIDE.test(range));
  const findings: Finding[] = [];
  const found = (state: typeof wrong, detail: string, remedy: string): void =>
    void findings.push(state('gateway', detail, remedy));
  if (isPublic && !isProduction)
    found(
      wrong,
      `HOST is ${host}, reachable from elsewhere, and NODE_ENV is ${nodeEnv}: what is made up for development is accepted`,
      'set NODE_ENV=production',
    );
  if (publicUrl === null && (isProduction || isPublic))
    found(
      wrong,
      'PUBLIC_URL is not set: identity tokens name this machine as their issuer',
      'set PUBLIC_URL to where clients reach the service',
    );
  if (wide.length > 0)
    found(
      wrong,
      `TRUSTED_PROXIES has ${wide.join(', ')}: any client can name the address that limits count`,
      'name only the addresses of your gateway',
    );
  if (trustedProxies.length === 0 && (isProduction || isPublic))
    found(
      note,
      'TRUSTED_PROXIES is not set: behind a gateway all clients have its address, and no limit counts by address',
      'name the addresses of your gateway (docs/configuration.md)',
    );
  return findings.length > 0 ? findings : [ok('gateway', 'no setting that weakens it')];
}

/**
 * Looks at what the service needs. Each check needs those before it: the first one that finds nothing right ends it.
 * @throws UsageError
 */
export async function examine(call: Call): Promise<readonly Finding[]> {
  const { terminal } = call;
  const botApi = botApiOf(call);
  const checks: readonly (readonly [
    string,
    (app: INestApplicationContext) => Promise<readonly Finding[]>,
  ])[] = [
    ['database', databaseFindings],
    ['schema', schemaFindings],
    ['keys', keyFindings],
    ['bots', (app) => botFindings(app, botApi)],
    ['custody', custodyFindings],
  ];
  const notLookedAt = (from: number, reason: string): readonly Finding[] =>
    checks.slice(from).map(([name]) => unknown(name, `not looked at: ${reason}`));
  let configuration: Configuration;
  try {
    configuration = readConfiguration(terminal.environment);
  } catch (error) {
    return [...configurationFindings(error), ...notLookedAt(0, 'the configuration is not complete')];
  }
  const findings = [...gatewayFindings(configuration)];
  let app: INestApplicationContext;
  try {
    app = await (terminal.openApplication ?? openApplication)(terminal.environment);
  } catch (error) {
    const away = wrong('database', sentenceOf(error), 'docs/operations.md#boot-failures');
    return [...findings, away, ...notLookedAt(1, 'the database is not reached')];
  }
  try {
    for (const [index, [name, look]] of checks.entries()) {
      const found = await look(app).catch((error: unknown) => [unknown(name, sentenceOf(error))]);
      findings.push(...found);
      if (found.every(({ state }) => state === 'wrong' || state === 'unknown'))
        return [...findings, ...notLookedAt(index + 1, `it needs ${name}`)];
    }
    return findings;
  } finally {
    if (!terminal.openApplication) await app.close();
  }
}

function configurationFindings(error: unknown): readonly Finding[] {
  if (!(error instanceof ConfigurationError)) throw error;
  return error.problems.map((problem) => wrong('configuration', problem, 'docs/configuration.md'));
}

/** Messages of unknown errors are not printed: they could have a secret. */
function sentenceOf(error: unknown): string {
  const { name, code } = error as Error & { code?: unknown };
  return (
    describeDatabaseFailure(error) ?? `it cannot be looked at (${typeof code === 'string' ? code : name})`
  );
}

const PLAIN = /^http:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/;

function botApiOf(call: Call): string {
  const text = call.required('bot-api').replace(/\/$/, '');
  const isSafe = URL.canParse(text) && (new URL(text).protocol === 'https:' || PLAIN.test(text));
  if (!isSafe) throw new UsageError('--bot-api must be an https:// URL, or http:// on this machine.');
  return text;
}
