import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKeyRing } from '@countersign/crypto';
import { environmentList, readConfiguration, readDatabaseUrl } from './configuration';
import { ConfigurationError } from './environment-reader';

const KEYS = JSON.stringify(generateKeyRing());
const LEDGER = { ERASURE_LEDGER: 'postgresql://ledger.example/erasures' };
const COMPLETE = { DATABASE_URL: 'postgresql://someone:hidden-word@db/countersign', KEYS };

function problemsOf(environment: NodeJS.ProcessEnv): readonly string[] {
  try {
    readConfiguration(environment);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
  throw new Error('it was accepted');
}

describe('the environment', () => {
  it('has sensible defaults', () => {
    const configuration = readConfiguration(COMPLETE);

    expect(configuration).toMatchObject({
      nodeEnv: 'development',
      host: '127.0.0.1',
      port: 3000,
      gatewayPort: 3001,
      adminHost: '127.0.0.1',
      adminPort: null,
      databaseDirectUrl: COMPLETE.DATABASE_URL,
      issuer: 'http://localhost:3000',
      redisUrl: null,
      identityTokenAlgorithm: 'ES256',
      identityTokenLifetime: 300,
      trustedProxies: [],
      consoleUrl: null,
      consoleOidcIssuer: null,
      consoleOidcScope: 'openid profile email',
      consoleOidcMaxAge: 1_800,
      telegramOidcIssuer: 'https://oauth.telegram.org',
      webhookAllowedTargets: [],
      demoTelegramKeys: [],
    });
    expect(Object.isFrozen(configuration)).toBe(true);
  });

  it('listens on one address, whatever else is called localhost', () => {
    expect(readConfiguration({ ...COMPLETE, HOST: 'localhost' }).host).toBe('127.0.0.1');
    expect(readConfiguration({ ...COMPLETE, HOST: '0.0.0.0' }).host).toBe('0.0.0.0');
  });

  it('prepares statements unless there is a direct URL beside, which tells of a pooler', () => {
    const behind = { ...COMPLETE, DATABASE_DIRECT_URL: 'postgresql://db/countersign' };

    expect(readConfiguration(COMPLETE).databasePooling).toBe('session');
    expect(readConfiguration(behind).databasePooling).toBe('transaction');
    expect(readConfiguration({ ...behind, DATABASE_POOLING: 'session' }).databasePooling).toBe('session');
    expect(readConfiguration({ ...COMPLETE, DATABASE_POOLING: 'transaction' }).databasePooling).toBe(
      'transaction',
    );
  });

  it('lists everything that is missing in production, with the command that makes keys', () => {
    const problems = problemsOf({ NODE_ENV: 'production' });

    expect(problems).toHaveLength(3);
    expect(problems[0]).toContain('DATABASE_URL is missing');
    expect(problems[1]).toContain('`countersign keys generate --out keys.json`');
    expect(problems[2]).toContain('ERASURE_LEDGER is missing');
  });

  const keyOf = (botId: string, byte: string): string => `${botId}:${byte.repeat(32)}`;

  it('takes in development what production refuses', () => {
    const keys = `${keyOf('7000000001', 'ab')}, ${keyOf('123456789', 'cd')}`;
    const given = { DEMO_TELEGRAM_KEY: keys, PATIENCE: '2', TELEGRAM_OIDC_ISSUER: 'http://127.0.0.1:4000' };

    expect(readConfiguration({ ...COMPLETE, ...given })).toMatchObject({
      demoTelegramKeys: [
        { botId: '7000000001', publicKeyHex: 'ab'.repeat(32) },
        { botId: '123456789', publicKeyHex: 'cd'.repeat(32) },
      ],
      patience: 2,
      telegramOidcIssuer: given.TELEGRAM_OIDC_ISSUER,
    });
  });

  const provider = {
    CONSOLE_URL: 'https://console.example.com',
    CONSOLE_OIDC_ISSUER: 'https://login.example.com/application/o/console/',
    CONSOLE_OIDC_CLIENT_ID: 'console',
    CONSOLE_SCOPES_CLAIM: '/a~1b/c~0d',
  };
  const inProduction = (given: object) => ({ ...COMPLETE, ...LEDGER, ...given, NODE_ENV: 'production' });
  const sharedHost =
    'CONSOLE_URL needs another host name than PUBLIC_URL: browsers send the cookie of the console to all ports of its host.';

  it.each([
    [{ DEMO_TELEGRAM_KEY: keyOf('7000000001', 'ab') }, 'DEMO_TELEGRAM_KEY is for development only'],
    [{ PATIENCE: '2' }, 'PATIENCE is for development'],
    [
      { TELEGRAM_OIDC_ISSUER: 'http://127.0.0.1:4000' },
      'TELEGRAM_OIDC_ISSUER must be an https:// URL in production.',
    ],
    [
      { ...provider, CONSOLE_OIDC_ISSUER: 'http://login.example.com' },
      'CONSOLE_OIDC_ISSUER must be an https:// URL in production.',
    ],
    [{ CONSOLE_URL: 'https://id.example.com', PUBLIC_URL: 'https://id.example.com:8443' }, sharedHost],
    [{ CONSOLE_URL: 'https://id.example.com', PUBLIC_URL: 'https://id.example.com/auth' }, sharedHost],
  ])('refuses %j in production alone', (given, problem) => {
    readConfiguration({ ...COMPLETE, ...given });

    expect(problemsOf(inProduction(given))).toEqual([expect.stringContaining(problem)]);
  });

  it.each([
    { TELEGRAM_OIDC_ISSUER: 'https://oauth.example:8443/a' },
    { CONSOLE_URL: 'https://id.example.com', PUBLIC_URL: 'https://example.com' },
  ])('takes %j in production', (given) => {
    expect(() => readConfiguration(inProduction(given))).not.toThrow();
  });

  describe('of the console', () => {
    it('takes the issuer with its slash, and the claim as a JSON pointer or one name', () => {
      expect(readConfiguration({ ...COMPLETE, ...provider })).toMatchObject({
        consoleUrl: provider.CONSOLE_URL,
        consoleOidcIssuer: provider.CONSOLE_OIDC_ISSUER,
        consoleOidcClientSecret: null,
        consoleScopesClaim: ['a/b', 'c~d'],
      });
      const claim = 'https://example.com/roles';
      expect(readConfiguration({ ...COMPLETE, CONSOLE_SCOPES_CLAIM: claim }).consoleScopesClaim).toEqual([
        claim,
      ]);
    });

    it('names what the provider needs besides its issuer', () => {
      expect(problemsOf({ ...COMPLETE, CONSOLE_OIDC_ISSUER: 'http://login.example.com' })).toEqual([
        'CONSOLE_URL is missing: sign-in at CONSOLE_OIDC_ISSUER needs it.',
        'CONSOLE_OIDC_CLIENT_ID is missing: sign-in at CONSOLE_OIDC_ISSUER needs it.',
      ]);
    });

    it('takes the secret from a file', () => {
      expect(problemsOf({ ...COMPLETE, CONSOLE_OIDC_CLIENT_SECRET_FILE: '/no/such/file' })).toEqual([
        'CONSOLE_OIDC_CLIENT_SECRET_FILE cannot be read (ENOENT).',
      ]);
    });
  });

  it.each([
    ['https://id.example.com', 'https://id.example.com'],
    ['https://id.example.com:8443/auth/', 'https://id.example.com:8443/auth'],
    ['http://localhost:3000', 'http://localhost:3000'],
    ['http://127.0.0.1:3000/', 'http://127.0.0.1:3000'],
    ['http://[::1]:3000', 'http://[::1]:3000'],
  ])('lets browsers reach the service at %s: over HTTPS, or on this machine', (given, publicUrl) => {
    expect(readConfiguration({ ...COMPLETE, PUBLIC_URL: given })).toMatchObject({
      publicUrl,
      issuer: publicUrl,
    });
  });

  it.each([
    ['PORT', '70000'],
    ['PORT', '3e3'],
    ['NODE_ENV', 'staging-secret'],
    ['DATABASE_URL', 'mysql://root:hidden-word@db'],
    ['DATABASE_DIRECT_URL', 'hidden-word'],
    ['DATABASE_POOL_SIZE', '1'],
    ['LOG_LEVEL', 'loud'],
    ['JOBS', 'yes'],
    ['TRUSTED_PROXIES', 'proxy.hidden'],
    ['TRUSTED_PROXIES', '10.0.0.0/33'],
    ['AUDIT_RETENTION_DAYS', '-7'],
    ['DEMO_TELEGRAM_KEY', `7000000001:${'ab'.repeat(32)},`],
    ['DEMO_TELEGRAM_KEY', `7000000001:${'ab'.repeat(32)},7000000001:${'cd'.repeat(32)}`],
    ['PUBLIC_URL', 'http://hidden.example'],
    ['PUBLIC_URL', 'http://localhost.hidden.example'],
    ['PUBLIC_URL', 'http://127.0.0.2'],
    ['PUBLIC_URL', 'http://0.0.0.0:3000'],
    ['PUBLIC_URL', 'https://hidden.example/?a'],
    ['PUBLIC_URL', 'https://:hidden-word@hidden.example'],
    ['TELEGRAM_OIDC_ISSUER', 'https://hidden.example/'],
    ['TELEGRAM_OIDC_ISSUER', 'https://user@hidden.example'],
    ['CONSOLE_URL', 'https://hidden.example/a'],
    ['CONSOLE_OIDC_ISSUER', 'https://hidden.example/?a'],
    ['CONSOLE_OIDC_SCOPE', 'hidden-word'],
    ['CONSOLE_OIDC_MAX_AGE', '43201'],
    ['CONSOLE_SCOPES_CLAIM', '/hidden~2word'],
    ['REDIS_URL', 'http://:hidden-word@redis'],
    ['IDENTITY_TOKEN_ALGORITHM', 'HS256'],
    ['IDENTITY_TOKEN_LIFETIME', '3600'],
    ['KEYS', '{"version":1}'],
  ])('refuses %s=%s by its name and without its value', (name, value) => {
    const problems = problemsOf({ ...COMPLETE, [name]: value });

    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^${name} `));
    expect(problems[0]).not.toContain(value);
  });

  it.each([
    ['DATABASE_URL', 'databaseUrl', 'postgresql://hidden-word@db/of-a-file'],
    ['DATABASE_DIRECT_URL', 'databaseDirectUrl', 'postgresql://hidden-word@db/direct'],
    ['REDIS_URL', 'redisUrl', 'redis://:hidden-word@redis'],
  ] as const)('takes %s from a file too', (name, field, value) => {
    const folder = mkdtempSync(join(tmpdir(), 'countersign-config-'));
    const file = join(folder, 'secret');
    const { [name]: _, ...others } = COMPLETE as Record<string, string>;
    const given = { ...others, [`${name}_FILE`]: file };

    for (const lineBreak of ['', '\n', '\r\n']) {
      writeFileSync(file, `${value}${lineBreak}`);
      expect(readConfiguration(given)).toMatchObject({ [field]: value });
    }
    expect(problemsOf({ ...given, [name]: value })).toEqual([
      `${name} and ${name}_FILE are both set: keep one.`,
    ]);
    writeFileSync(file, 'hidden-word');
    expect(problemsOf(given)).toEqual([
      expect.stringMatching(new RegExp(`^${name}_FILE must be a .* URL\\.$`)),
    ]);
    rmSync(folder, { recursive: true });
    expect(problemsOf(given)).toEqual([`${name}_FILE cannot be read (ENOENT).`]);
  });

  it('says whether the chains are from the variable or from the file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'countersign-config-'));
    const file = join(folder, 'chains.json');
    writeFileSync(file, '{}');

    expect(readConfiguration({ ...COMPLETE, CHAINS: '{}' }).chains).toEqual({ source: 'CHAINS', text: '{}' });
    expect(readConfiguration({ ...COMPLETE, CHAINS_FILE: file }).chains).toEqual({
      source: 'CHAINS_FILE',
      text: '{}',
    });
    rmSync(folder, { recursive: true });
  });

  it('gives migrations the direct URL, from a file too', () => {
    const folder = mkdtempSync(join(tmpdir(), 'countersign-config-'));
    const file = join(folder, 'secret');
    writeFileSync(file, 'postgresql://direct\n');
    const { DATABASE_URL } = COMPLETE;

    expect(readDatabaseUrl({ DATABASE_URL, DATABASE_DIRECT_URL_FILE: file })).toBe('postgresql://direct');
    expect(readDatabaseUrl({ DATABASE_URL })).toBe(DATABASE_URL);
    expect(() => readDatabaseUrl({})).toThrow('DATABASE_URL is missing');
    expect(() => readDatabaseUrl({ DATABASE_URL, DATABASE_DIRECT_URL: 'x' })).toThrow(
      'DATABASE_DIRECT_URL must be',
    );
    rmSync(folder, { recursive: true });
  });

  it('is listed in docs/configuration.md as it is declared', () => {
    const page = readFileSync(join(__dirname, '../../../../../docs/configuration.md'), 'utf8');

    expect(page).toContain(environmentList());
    expect(environmentList()).toContain('- `REDIS_URL`, `REDIS_URL_FILE`: shares');
  });

  it('takes the key ring from a file, and says why it cannot', () => {
    const folder = mkdtempSync(join(tmpdir(), 'countersign-config-'));
    const file = join(folder, 'keys.json');
    const { DATABASE_URL } = COMPLETE;
    writeFileSync(file, KEYS);

    expect(readConfiguration({ DATABASE_URL, KEYS_FILE: file }).keyRing.active('token').purpose).toBe(
      'token',
    );
    expect(problemsOf({ DATABASE_URL, KEYS_FILE: `${file}x` })[0]).toContain('ENOENT');
    expect(problemsOf({ DATABASE_URL, KEYS_FILE: file, KEYS })[0]).toContain('both set');
    rmSync(folder, { recursive: true });
  });
});
