import { isIP } from 'node:net';
import { KeyRing } from '@countersign/crypto';

/** One environment variable: how its text becomes a value. */
export interface Variable<T> {
  readonly name: string;
  /** The description in docs/configuration.md. */
  readonly meaning: string;
  /** Throws a sentence that never quotes the text. */
  readonly parse: (text: string) => T;
  /** The default text. */
  readonly fallback?: string;
  /** How docs/configuration.md describes a derived default. */
  readonly derivedDefault?: string;
  /** Whether the text may be in a file that `<NAME>_FILE` names. */
  readonly isSecret?: boolean;
  /** The message when it is unset; without it the value is null then. */
  readonly whenMissing?: string;
}

type Details<T> = Omit<Variable<T>, 'name' | 'meaning' | 'parse'>;

/** The type of a variable's value: null only when it has no default and is not required. */
export type ValueOf<V> =
  V extends Variable<infer T>
    ? V extends { readonly fallback: string } | { readonly whenMissing: string }
      ? T
      : T | null
    : never;

function variable<T, const D extends Details<T>>(
  name: string,
  meaning: string,
  parse: (text: string) => T,
  details: D,
): { name: string; meaning: string; parse: (text: string) => T } & D {
  return { name, meaning, parse, ...details };
}

function oneOf<const T extends string>(...allowed: readonly T[]): (text: string) => T {
  return (text) => {
    const found = allowed.find((candidate) => candidate === text);
    if (found === undefined) throw new Error(`must be one of ${allowed.join(', ')}`);
    return found;
  };
}

function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d{1,15}$/.test(text) || value < least || value > most)
      throw new Error(`must be a whole number from ${least} to ${most}`);
    return value;
  };
}

function postgresUrl(text: string): string {
  if (!/^postgres(ql)?:\/\/.+/.test(text) || !URL.canParse(text))
    throw new Error('must be a postgresql:// URL');
  return text;
}

function publicUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(url?.hostname ?? '');
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLocal);
  if (!url || !isSafe || url.search || url.hash || url.username || url.password)
    throw new Error('must be an https:// URL (http:// only on localhost) without query, fragment and user');
  return url.href.replace(/\/$/, '');
}

function nonEmpty(text: string): string {
  if (text.trim() === '') throw new Error('must not be empty');
  return text;
}

function addressRanges(text: string): readonly string[] {
  const ranges = text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
  if (!ranges.every(isAddressRange)) throw new Error('must be IP addresses or CIDR ranges, comma separated');
  return ranges;
}

function isAddressRange(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const most = { 4: 32, 6: 128 }[isIP(address)];
  if (most === undefined || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most);
}

/** The public key of a fake Telegram, trusted for one bot: `<bot id>:<64 hex digits>`. */
export interface DemoTelegramKey {
  readonly botId: string;
  readonly publicKeyHex: string;
}

function demoTelegramKeys(text: string): readonly DemoTelegramKey[] {
  if (text === '') return [];
  const keys = text.split(',').map((item) => {
    const match = /^([1-9]\d{0,15}):([0-9a-f]{64})$/.exec(item.trim());
    if (!match?.[1] || !match[2]) throw new Error('must be <bot id>:<64 hex digits>, comma separated');
    return { botId: match[1], publicKeyHex: match[2] };
  });
  if (new Set(keys.map(({ botId }) => botId)).size < keys.length) throw new Error('must name each bot once');
  return keys;
}

function redisUrl(text: string): string {
  if (!/^rediss?:\/\/.+/.test(text) || !URL.canParse(text))
    throw new Error('must be a redis:// or rediss:// URL');
  return text;
}

function issuerUrl(text: string): string {
  if (!/^https?:\/\/[^\s/?#@]+(\/[^\s?#]*[^\s/?#])?$/.test(text) || !URL.canParse(text))
    throw new Error('must be an https:// URL without a user, a query, a fragment and a slash at the end');
  return text;
}

/**
 * For that name the framework would listen on both loopback addresses, with a second server for one of them.
 */
function listeningAddress(text: string): string {
  const host = nonEmpty(text);
  return host === 'localhost' ? '127.0.0.1' : host;
}

function keyRing(text: string): KeyRing {
  try {
    return KeyRing.parse(text);
  } catch (error) {
    throw new Error(`is not a key ring: ${(error as Error).message}`, { cause: error });
  }
}

/** Every variable that the service reads, in the order of docs/configuration.md. */
export const environmentVariables = {
  nodeEnv: variable(
    'NODE_ENV',
    '`production` refuses everything that is made up: the demo, the private database, default keys',
    oneOf('development', 'production', 'test'),
    { fallback: 'development' },
  ),
  host: variable('HOST', 'address to listen on', listeningAddress, { fallback: '127.0.0.1' }),
  port: variable('PORT', 'port of the public API', wholeNumber(0, 65_535), { fallback: '3000' }),
  gatewayPort: variable('GATEWAY_PORT', 'port for the API gateway only', wholeNumber(0, 65_535), {
    fallback: '3001',
  }),
  publicUrl: variable(
    'PUBLIC_URL',
    'where clients reach the service, such as `https://id.example.com`, and the issuer of identity tokens. `https://`, or `http://` on localhost. Set it in production',
    publicUrl,
    { derivedDefault: 'the `Host` header; as issuer `http://localhost:<PORT>`' },
  ),
  telegramOidcIssuer: variable(
    'TELEGRAM_OIDC_ISSUER',
    'the OpenID provider of Log In With Telegram; `https://` in production',
    issuerUrl,
    { fallback: 'https://oauth.telegram.org' },
  ),
  databaseUrl: variable(
    'DATABASE_URL',
    'PostgreSQL 15 or newer; `npm start` in development brings its own when unset',
    postgresUrl,
    {
      isSecret: true,
      whenMissing:
        'is missing: the postgresql:// URL of your database (only `npm start` in development brings its own)',
    },
  ),
  databaseDirectUrl: variable(
    'DATABASE_DIRECT_URL',
    'the same database without a pooler in between, for LISTEN and migrations',
    postgresUrl,
    { isSecret: true, derivedDefault: '`DATABASE_URL`' },
  ),
  databasePooling: variable(
    'DATABASE_POOLING',
    '`session` where connections stay the same: statements are prepared. `transaction` behind a pooler that hands them around',
    oneOf('session', 'transaction'),
    { derivedDefault: '`session`; `transaction` with a `DATABASE_DIRECT_URL`' },
  ),
  databasePoolSize: variable('DATABASE_POOL_SIZE', 'connections of one process', wholeNumber(2, 500), {
    fallback: '20',
  }),
  keyRing: variable('KEYS', 'the key ring (`countersign keys generate`), better as a file', keyRing, {
    isSecret: true,
    whenMissing:
      '_FILE is missing: make one with `countersign keys generate --out keys.json` and keep it safe; without it nothing in the database can be read',
  }),
  logLevel: variable(
    'LOG_LEVEL',
    'least severe log line that is written: `trace`, `debug`, `info`, `warn`, `error`, `fatal` or `silent`',
    oneOf('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'),
    { fallback: 'info' },
  ),
  trustedProxies: variable(
    'TRUSTED_PROXIES',
    'addresses or CIDR ranges, comma separated, whose `X-Forwarded-*` is believed on the public port; none by default. Limits by address need it',
    addressRanges,
    { fallback: '' },
  ),
  jobs: variable('JOBS', '`off` leaves background jobs to other processes', oneOf('on', 'off'), {
    fallback: 'on',
  }),
  redisUrl: variable(
    'REDIS_URL',
    'shares rate limits and used device proofs between replicas; each counts for itself when unset',
    redisUrl,
    { isSecret: true },
  ),
  sessionCacheEntries: variable(
    'SESSION_CACHE_ENTRIES',
    'sessions that one process keeps in memory',
    wholeNumber(100, 10_000_000),
    { fallback: '100000' },
  ),
  sessionCacheMebibytes: variable('SESSION_CACHE_MIB', 'memory for them, in MiB', wholeNumber(1, 65_536), {
    fallback: '96',
  }),
  identityTokenCacheMebibytes: variable(
    'IDENTITY_TOKEN_CACHE_MIB',
    'memory for identity tokens that are answered again, in MiB; a thousand tokens take about three quarters of one',
    wholeNumber(1, 8_192),
    { fallback: '16' },
  ),
  identityTokenAlgorithm: variable(
    'IDENTITY_TOKEN_ALGORITHM',
    'what signs identity tokens: `ES256`, or `EdDSA` with Ed25519',
    oneOf('ES256', 'EdDSA'),
    { fallback: 'ES256' },
  ),
  identityTokenLifetime: variable(
    'IDENTITY_TOKEN_LIFETIME',
    'seconds that an identity token is good for, at most 300',
    wholeNumber(30, 300),
    { fallback: '300' },
  ),
  identityKeyDays: variable(
    'IDENTITY_KEY_DAYS',
    'days after which another key signs identity tokens',
    wholeNumber(1, 365),
    { fallback: '30' },
  ),
  patience: variable(
    'PATIENCE',
    'how many times longer the service waits for PostgreSQL, Redis and Telegram before it gives up; for tests on a busy machine, refused in production',
    wholeNumber(1, 100),
    { fallback: '1' },
  ),
  auditRetentionDays: variable(
    'AUDIT_RETENTION_DAYS',
    'days after which a day of the audit log is dropped',
    wholeNumber(1, 3650),
    { fallback: '400' },
  ),
  demoTelegramKeys: variable(
    'DEMO_TELEGRAM_KEY',
    'public keys of a made-up Telegram for named bots, `<bot id>:<hex>` each, comma separated; `npm start` sets one for its demo bot; refused in production',
    demoTelegramKeys,
    { fallback: '' },
  ),
} as const;
