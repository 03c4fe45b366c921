import { allowedTargets } from './allowed-target';
import {
  addressRanges,
  claimPath,
  hostNames,
  demoTelegramKeys,
  issuerUrl,
  keyRing,
  ledgerUrl,
  listeningAddress,
  names,
  nonEmpty,
  oneOf,
  openIdScope,
  originUrl,
  postgresUrl,
  providerIssuer,
  publicUrl,
  redisUrl,
  serverUrl,
  socketPath,
  wholeNumber,
} from './environment-texts';
import { variable } from './environment-reader';

/** All variables of the service, in the order of docs/configuration.md. */
export const environmentVariables = {
  nodeEnv: variable(
    'NODE_ENV',
    '`production` refuses everything that is made up: the demo, the private database, default keys',
    oneOf('development', 'production', 'test'),
    { fallback: 'development' },
  ),
  use: variable(
    'COUNTERSIGN_USE',
    'the [features](login-alone.md#features) in use, comma separated; `all`, or `none` for login alone',
    names,
    { fallback: 'all' },
  ),
  host: variable('HOST', 'address to listen on', listeningAddress, { fallback: '127.0.0.1' }),
  port: variable('PORT', 'port of the public API', wholeNumber(0, 65_535), { fallback: '3000' }),
  gatewayPort: variable('GATEWAY_PORT', 'port for the API gateway only', wholeNumber(0, 65_535), {
    fallback: '3001',
  }),
  gatewayHost: variable(
    'GATEWAY_HOST',
    'address of that port, where only the gateway reaches it',
    listeningAddress,
    {
      derivedDefault: '`HOST`',
    },
  ),
  adminPort: variable(
    'ADMIN_PORT',
    'port of the administration API. Unset, it is not served where another process has the default port',
    wholeNumber(0, 65_535),
    { derivedDefault: '`3002`' },
  ),
  adminHost: variable(
    'ADMIN_HOST',
    'address of the administration API, out of reach of the internet',
    listeningAddress,
    { fallback: '127.0.0.1' },
  ),
  adminAllowedHosts: variable(
    'ADMIN_ALLOWED_HOSTS',
    'host names, comma separated, of the administration API, besides IP addresses and `localhost`',
    hostNames,
    { fallback: '' },
  ),
  consoleUrl: variable(
    'CONSOLE_URL',
    'where operators open the [console](administration.md#the-console), such as `https://console.example.com`: the origin that `ADMIN_PORT` is reached at. `https://`, or `http://` on localhost. Without it there is no console; `npm start` sets it in development',
    originUrl,
  ),
  consoleOidcIssuer: variable(
    'CONSOLE_OIDC_ISSUER',
    'the OpenID provider at which operators sign in to the console; `https://` in production. Without it they sign in with secrets of principals',
    providerIssuer,
  ),
  consoleOidcClientId: variable(
    'CONSOLE_OIDC_CLIENT_ID',
    'the client of the console at that provider, with `<CONSOLE_URL>/v1/admin/console/callback` as redirect URL',
    nonEmpty,
  ),
  consoleOidcClientSecret: variable(
    'CONSOLE_OIDC_CLIENT_SECRET',
    'its secret; without one it is a public client, with PKCE as any',
    nonEmpty,
    { isSecret: true },
  ),
  consoleOidcDeviceClientId: variable(
    'CONSOLE_OIDC_DEVICE_CLIENT_ID',
    'the public client of [`countersign login`](administration.md#sign-in-at-the-command-line) at that provider, with the device grant (RFC 8628)',
    nonEmpty,
  ),
  consoleOidcScope: variable(
    'CONSOLE_OIDC_SCOPE',
    'the scopes that the provider is asked for, separated by spaces',
    openIdScope,
    { fallback: 'openid profile email' },
  ),
  consoleOidcMaxAge: variable(
    'CONSOLE_OIDC_MAX_AGE',
    'highest age of the sign-in at the provider, in seconds: an older one is repeated (`max_age`), and an id token without `auth_time` is refused. `0` for a provider that does not send it: then a session there opens the console at any age',
    wholeNumber(0, 43_200),
    { fallback: '1800' },
  ),
  consoleScopesClaim: variable(
    'CONSOLE_SCOPES_CLAIM',
    'where the id token has the [scopes](administration.md#scopes) of its person: the name of a claim, or a path as in RFC 6901, such as `/resource_access/console/roles`. An array, a text with spaces, or an object whose keys count unless their value is `false` or `null`. Without it a person has the scopes of the principal that names them (`principal set --provider-subject`)',
    claimPath,
  ),
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
    '`session` prepares statements; `transaction` is for a pooler that hands connections around',
    oneOf('session', 'transaction'),
    { derivedDefault: '`session`; `transaction` with a `DATABASE_DIRECT_URL`' },
  ),
  databasePoolSize: variable('DATABASE_POOL_SIZE', 'connections of one process', wholeNumber(2, 500), {
    fallback: '20',
  }),
  keyRing: variable(
    'KEYS',
    'the key ring (`countersign keys generate`), better as a file, which SIGHUP reads again',
    keyRing,
    {
      isSecret: true,
      whenMissing:
        '_FILE is missing: make one with `countersign keys generate --out keys.json` and keep it safe; without it nothing in the database can be read',
    },
  ),
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
  patience: variable(
    'PATIENCE',
    'how many times longer the service waits for PostgreSQL, Redis and custody, on a busy machine of development; refused in production',
    wholeNumber(1, 100),
    { fallback: '1' },
  ),
  auditRetentionDays: variable(
    'AUDIT_RETENTION_DAYS',
    'days after which a day of the audit log is dropped',
    wholeNumber(1, 3650),
    { fallback: '400' },
  ),
  erasureDays: variable(
    'ERASURE_DAYS',
    'days between the request to erase an account and the erasure, in which its person can cancel it; `0` erases at once',
    wholeNumber(0, 365),
    { fallback: '7' },
  ),
  erasureLedger: variable(
    'ERASURE_LEDGER',
    'the [ledger of erasures](operations.md#backups): the postgresql:// URL of a database in another cluster, or `file:///` and the path of a file on another volume. Required in production, where `countersign migrate` makes it',
    ledgerUrl,
    { isSecret: true, derivedDefault: 'none' },
  ),
  webhookAllowedTargets: variable(
    'WEBHOOK_ALLOWED_TARGETS',
    'receivers of webhooks inside your network, comma separated: names and IP addresses, both also with `:port`, and CIDR ranges. Only they may have private addresses, `http://` and ports other than 443. Each operator with `webhooks:write` can send requests to them',
    allowedTargets,
    { fallback: '' },
  ),
  openWeb3Links: variable(
    'OPENWEB3_LINKS',
    'what links to Mini Apps of your OpenWeb3 messenger begin with, before `/<bot>/<mini app>?startapp=`. Without it people get a code',
    serverUrl,
  ),
  reservedNames: variable(
    'RESERVED_NAMES',
    'names that no username, display name or team may have or look like, comma separated, such as that of your company',
    names,
    { fallback: '' },
  ),
  chains: variable(
    'CHAINS',
    'the chains whose nodes are asked about wallets, as JSON ([chains.md](chains.md)). With none, wallets are linked all the same, but no contract wallets are shown, and the [wallet inside Telegram](chains.md#an-endpoint-of-ton) is not linked',
    (text, source) => ({ text, source }),
    { isSecret: true, derivedDefault: 'none' },
  ),
  custodySocket: variable(
    'CUSTODY_SOCKET',
    'absolute path of the Unix socket of the [custody process](#the-custody-process), which has the keys of embedded wallets; `npm start` sets it. Without it there are no embedded wallets',
    socketPath,
  ),
  demoTelegramKeys: variable(
    'DEMO_TELEGRAM_KEY',
    'public keys of a made-up Telegram for named bots, `<bot id>:<hex>` each, comma separated; `npm start` sets one for its demo bot; refused in production',
    demoTelegramKeys,
    { fallback: '' },
  ),
} as const;
