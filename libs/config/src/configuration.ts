import { readFileSync } from 'node:fs';
import { KeyRing } from '@countersign/crypto';
import { environmentVariables, type DemoTelegramKey, type VariableDescription } from './environment';

/** The validated environment: read once at boot, frozen. */
export abstract class Configuration {
  readonly nodeEnv: 'development' | 'production' | 'test';
  readonly host: string;
  readonly port: number;
  readonly gatewayPort: number;
  readonly publicUrl: string | null;
  /** Who signs identity tokens: `PUBLIC_URL`, or this machine when it is unset. */
  readonly issuer: string;
  readonly databaseUrl: string;
  readonly databaseDirectUrl: string;
  readonly databasePoolSize: number;
  /** Whether connections to `databaseUrl` are the same ones from transaction to transaction. */
  readonly databasePooling: 'session' | 'transaction';
  readonly keyRing: KeyRing;
  readonly logLevel: string;
  readonly trustedProxies: readonly string[];
  readonly jobs: 'on' | 'off';
  readonly auditRetentionDays: number;
  readonly telegramOidcIssuer: string;
  readonly demoTelegramKeys: readonly DemoTelegramKey[];
  readonly redisUrl: string | null;
  readonly sessionCacheEntries: number;
  readonly sessionCacheMebibytes: number;
  readonly identityTokenCacheMebibytes: number;
  readonly identityTokenAlgorithm: 'ES256' | 'EdDSA';
  /** Seconds. */
  readonly identityTokenLifetime: number;
  readonly identityKeyDays: number;
  /** How many times longer than documented the service waits for PostgreSQL, Redis and Telegram; 1 in production. */
  readonly patience: number;
}

/** Names the variables that stop the boot, and never their values. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';

  constructor(readonly problems: readonly string[]) {
    super(`The configuration is not complete:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
  }
}

/**
 * Reads and validates the environment.
 * @throws ConfigurationError with all problems at once.
 */
export function readConfiguration(environment: NodeJS.ProcessEnv): Configuration {
  const problems: string[] = [];
  const read = <T>(description: VariableDescription<T>): T | undefined => {
    const given = environment[description.name];
    const text = given === undefined || given === '' ? description.fallback : given;
    if (text === undefined) return undefined;
    try {
      return description.parse(text);
    } catch (error) {
      problems.push(`${description.name} ${(error as Error).message}.`);
      return undefined;
    }
  };
  const v = environmentVariables;

  const nodeEnv = read(v.nodeEnv);
  const databaseUrl = read(v.databaseUrl);
  if (!databaseUrl && !environment['DATABASE_URL'])
    problems.push(
      'DATABASE_URL is missing: the postgresql:// URL of your database (only `npm start` in development brings its own).',
    );
  const demo = read(v.demoTelegramKeys);
  if (nodeEnv === 'production' && demo)
    problems.push(
      'DEMO_TELEGRAM_KEY is for development only: unset it, or a made-up Telegram could sign people in.',
    );

  const telegramOidcIssuer = read(v.telegramOidcIssuer);
  if (nodeEnv === 'production' && telegramOidcIssuer?.startsWith('http:'))
    problems.push('TELEGRAM_OIDC_ISSUER must be an https:// URL in production.');

  const patience = read(v.patience);
  if (nodeEnv === 'production' && patience !== undefined && patience > 1)
    problems.push(
      'PATIENCE is for tests on a busy machine: unset it, or an outage takes longer to be noticed.',
    );

  const port = read(v.port);
  const publicUrl = read(v.publicUrl) ?? null;
  const directUrl = read(v.databaseDirectUrl);
  const configuration = {
    nodeEnv,
    host: read(v.host),
    port,
    gatewayPort: read(v.gatewayPort),
    publicUrl,
    issuer: publicUrl ?? `http://localhost:${port ?? ''}`,
    databaseUrl,
    databaseDirectUrl: directUrl ?? databaseUrl,
    databasePoolSize: read(v.databasePoolSize),
    // LISTEN asks for a direct URL as soon as there is a pooler in transaction mode.
    databasePooling: read(v.databasePooling) ?? (directUrl === undefined ? 'session' : 'transaction'),
    logLevel: read(v.logLevel),
    trustedProxies: read(v.trustedProxies),
    jobs: read(v.jobs),
    auditRetentionDays: read(v.auditRetentionDays),
    telegramOidcIssuer,
    demoTelegramKeys: demo ?? [],
    redisUrl: read(v.redisUrl) ?? null,
    sessionCacheEntries: read(v.sessionCacheEntries),
    sessionCacheMebibytes: read(v.sessionCacheMebibytes),
    identityTokenCacheMebibytes: read(v.identityTokenCacheMebibytes),
    identityTokenAlgorithm: read(v.identityTokenAlgorithm),
    identityTokenLifetime: read(v.identityTokenLifetime),
    identityKeyDays: read(v.identityKeyDays),
    patience,
    keyRing: readKeyRing(read(v.keysFile), read(v.keys), problems),
  };
  if (problems.length > 0) throw new ConfigurationError(problems);
  return Object.freeze(configuration) as Configuration;
}

/**
 * The URL for what needs only the database, such as migrations: the direct one where there is one.
 * @throws ConfigurationError
 */
export function readDatabaseUrl(environment: NodeJS.ProcessEnv): string {
  const { databaseDirectUrl, databaseUrl } = environmentVariables;
  for (const { name, parse } of [databaseDirectUrl, databaseUrl]) {
    const text = environment[name];
    if (!text) continue;
    try {
      return parse(text);
    } catch (error) {
      throw new ConfigurationError([`${name} ${(error as Error).message}.`]);
    }
  }
  throw new ConfigurationError(['DATABASE_URL is missing.']);
}

function readKeyRing(
  file: string | undefined,
  text: string | undefined,
  problems: string[],
): KeyRing | undefined {
  if (file && text) problems.push('KEYS and KEYS_FILE are both set: keep one.');
  if (!file && !text) {
    problems.push(
      'KEYS_FILE is missing: make one with `countersign keys generate --out keys.json` and keep it safe; without it nothing in the database can be read.',
    );
    return undefined;
  }
  const source = file ? 'KEYS_FILE' : 'KEYS';
  let document = text ?? '';
  if (file) {
    try {
      document = readFileSync(file, 'utf8');
    } catch (error) {
      problems.push(
        `KEYS_FILE cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'}).`,
      );
      return undefined;
    }
  }
  try {
    return KeyRing.parse(document);
  } catch (error) {
    problems.push(`${source} is not a key ring: ${(error as Error).message}`);
    return undefined;
  }
}
