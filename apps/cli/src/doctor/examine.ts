import type { INestApplicationContext } from '@nestjs/common';
import { type Configuration, ConfigurationError, readConfiguration } from '@countersign/runtime';
import {
  AgreedClock,
  Database,
  describeDatabaseFailure,
  MIGRATE_COMMAND,
  Schema,
} from '@countersign/database';
import { announceReceiver, type Call } from '../call';
import { openApplication } from '../connect';
import { UsageError } from '../errors';
import { secureUrl } from '../secure-url';
import { examineBots } from './bot-api';
import { Findings } from './finding';
import { CustodyClient } from '@countersign/embedded-wallets';
import { RingCheck, WrongKeyError } from '@countersign/keys';
import { findRole } from './role.repository';

const PRIVILEGES = 'docs/reference.md#database-role-and-privileges';
const MIN_VERSION = 150_000;

async function examineDatabase(app: INestApplicationContext, found: Findings): Promise<void> {
  const role = await app.get(Database).read(findRole);
  const skewSeconds = await app.get(AgreedClock).skewSeconds();
  found.ok('database', `reachable, PostgreSQL ${Math.floor(role.version / 10_000)}`);
  if (role.version < MIN_VERSION)
    found.wrong('database', 'PostgreSQL is older than 15', 'upgrade PostgreSQL');
  if (role.isStandby)
    found.wrong('database', 'it is a standby: nothing can be written', 'point DATABASE_URL to the primary');
  if (role.mayCreate !== true)
    found.wrong(
      'role',
      'it may not create tables, as daily partitions are',
      `let it own the database: ${PRIVILEGES}`,
    );
  if (role.isSuperuser)
    found.note(
      'role',
      'it is a superuser: its password opens every database of the server',
      `make a role that owns this database alone: ${PRIVILEGES}`,
    );
  if (skewSeconds === 0) found.ok('clock', 'agrees with the clock of the database');
  else
    found.wrong(
      'clock',
      `it differs by ${skewSeconds} s from that of the database: sessions would end early or late`,
      'synchronize both clocks (NTP)',
    );
}

async function examineSchema(app: INestApplicationContext, found: Findings): Promise<void> {
  const missing = await app.get(Schema).missing();
  const unused = await app.get(Schema).unused();
  if (unused.length > 0)
    found.wrong(
      'schema',
      `has tables of features that COUNTERSIGN_USE does not name: ${unused.join(', ')}`,
      'docs/login-alone.md#take-a-feature-away',
    );
  else if (missing.length === 0) found.ok('schema', 'has all migrations of this version');
  else found.wrong('schema', `lacks ${missing.length} migration(s)`, MIGRATE_COMMAND);
}

async function examineKeys(app: INestApplicationContext, found: Findings): Promise<void> {
  try {
    await app.get(RingCheck).compare();
    found.ok('keys', 'the ring belongs to this database');
  } catch (error) {
    if (!(error instanceof WrongKeyError)) throw error;
    found.wrong('keys', error.message, 'docs/operations.md#boot-failures');
  }
}

const COMPARISON = 'docs/operations.md#signatures-without-an-act';
const RULES = 'docs/embedded-wallets.md#rules';

async function examineCustody(app: INestApplicationContext, found: Findings): Promise<void> {
  const custody = clientIn(app);
  if (!custody?.isConfigured) return;
  const health = await custody.health().catch(() => null);
  if (!health) return found.wrong('custody', 'it does not answer at CUSTODY_SOCKET', 'docs/operations.md');
  const { brake, comparison } = health;
  const { assets, consentBots } = health.rules;
  if (brake) found.wrong('custody', `all wallets are stopped since ${brake.since}: ${brake.reason}`);
  if (comparison === null)
    found.note(
      'custody',
      'CUSTODY_API_DATABASE_URL is not set: it compares signatures with nothing',
      COMPARISON,
    );
  else if (comparison.withoutAct > 0)
    found.wrong('custody', `${comparison.withoutAct} signatures were not allowed by the API`, COMPARISON);
  else found.ok('custody', `its signatures were compared at ${comparison.comparedAt ?? 'no time yet'}`);
  if (assets === 0)
    found.note('custody', 'its rules name no coin or token: wallets sign messages alone', RULES);
  else found.ok('custody', `its rules name ${assets} coins and tokens`);
  if (consentBots === 0)
    found.note('custody', 'its rules name no consent bot: no words are shown, and no freeze ends', RULES);
}

function clientIn(app: INestApplicationContext): CustodyClient | null {
  try {
    return app.get(CustodyClient, { strict: false });
  } catch {
    return null;
  }
}

const LOOPBACK = /^(?:127\.|::1$|localhost$)/;
/** So short a prefix covers the internet. It names no proxy. */
const WIDE = /\/[0-7]$/;

function examineGateway(configuration: Configuration, found: Findings): void {
  const { nodeEnv, host, publicUrl, trustedProxies } = configuration;
  const isProduction = nodeEnv === 'production';
  const isPublic = !LOOPBACK.test(host);
  const wide = trustedProxies.filter((range) => WIDE.test(range));
  if (isPublic && !isProduction)
    found.wrong(
      'gateway',
      `HOST is ${host}, reachable from elsewhere, and NODE_ENV is ${nodeEnv}: what is made up for development is accepted`,
      'set NODE_ENV=production',
    );
  if (publicUrl === null && (isProduction || isPublic))
    found.wrong(
      'gateway',
      'PUBLIC_URL is not set: identity tokens name this machine as their issuer',
      'set PUBLIC_URL to where clients reach the service',
    );
  if (wide.length > 0)
    found.wrong(
      'gateway',
      `TRUSTED_PROXIES has ${wide.join(', ')}: any client can name the address that limits count`,
      'name only the addresses of your gateway',
    );
  if (trustedProxies.length === 0 && (isProduction || isPublic))
    found.note(
      'gateway',
      'TRUSTED_PROXIES is not set: behind a gateway all clients have its address, and no limit counts by address',
      'name the addresses of your gateway (docs/configuration.md)',
    );
  if (found.all.length === 0) found.ok('gateway', 'no setting that weakens it');
}

/** Each check needs the checks before it. A check that finds nothing right ends the examination. */
export async function examine(call: Call): Promise<Findings> {
  const { terminal } = call;
  const botApi = botApiOf(call);
  const found = new Findings();
  const checks = [
    ['database', examineDatabase],
    ['schema', examineSchema],
    ['keys', examineKeys],
    [
      'bots',
      (app: INestApplicationContext) => {
        announceReceiver(terminal, botApi);
        return examineBots(app, botApi, found);
      },
    ],
    ['custody', examineCustody],
  ] as const;
  const leaveOut = (from: number, reason: string): Findings => {
    for (const [name] of checks.slice(from)) found.unknown(name, `not looked at: ${reason}`);
    return found;
  };
  try {
    examineGateway(readConfiguration(terminal.environment), found);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    for (const problem of error.problems) found.wrong('configuration', problem, 'docs/configuration.md');
    return leaveOut(0, 'the configuration is not complete');
  }
  let app: INestApplicationContext;
  try {
    app = await (terminal.openApplication ?? openApplication)(terminal.environment);
  } catch (error) {
    found.wrong('database', sentenceOf(error), 'docs/operations.md#boot-failures');
    return leaveOut(1, 'the database is not reached');
  }
  try {
    for (const [index, [name, look]] of checks.entries()) {
      const before = found.all.length;
      await look(app, found).catch((error: unknown) => found.unknown(name, sentenceOf(error)));
      const made = found.all.slice(before);
      if (made.every(({ state }) => state === 'wrong' || state === 'unknown'))
        return leaveOut(index + 1, `it needs ${name}`);
    }
    return found;
  } finally {
    if (!terminal.openApplication) await app.close();
  }
}

/** The message of an unknown error could contain a secret, so it is not printed. */
function sentenceOf(error: unknown): string {
  const { name, code } = error as Error & { code?: unknown };
  return (
    describeDatabaseFailure(error) ?? `it cannot be looked at (${typeof code === 'string' ? code : name})`
  );
}

function botApiOf(call: Call): string {
  const text = call.required('bot-api').replace(/\/$/, '');
  if (!secureUrl(text))
    throw new UsageError('--bot-api must be an https:// URL, or http:// on this machine.');
  return text;
}
