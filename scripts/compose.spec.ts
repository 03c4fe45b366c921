import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from 'js-yaml';

const ROOT = join(__dirname, '..');
const PASSWORDS = /password|_KEYS$|_URL$|LEDGER/i;

interface Service {
  readonly '<<'?: Service;
  readonly image: string;
  readonly user?: string;
  readonly healthcheck: { readonly test?: readonly string[] };
  readonly environment?: Readonly<Record<string, string>>;
  readonly secrets?: readonly string[];
  readonly networks: readonly string[] | Readonly<Record<string, { readonly ipv4_address?: string }>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
}

interface Composition {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
}

function merged({ '<<': base, ...own }: Service): Service {
  return base ? { ...merged(base), ...own } : own;
}

const { services, networks } = load(readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8')) as Composition;
const all = Object.entries(services).map(([name, service]) => [name, merged(service)] as const);
const valuesOf = (read: (service: Service) => unknown): object =>
  Object.fromEntries(all.map(([name, service]) => [name, read(service)]));

describe('.dockerignore', () => {
  it('lets in the documents that the console is made of', () => {
    const lines = readFileSync(join(ROOT, '.dockerignore'), 'utf8').split('\n');
    const sources = ['build-console.mjs', 'console-operations.mjs'].map((name) =>
      readFileSync(join(__dirname, 'lib', name), 'utf8'),
    );
    const documents = [...sources.join('').matchAll(/'(docs\/[\w./-]+)'/g)].map(([, path]) => `!${path}`);
    expect(documents).toHaveLength(3);
    expect(lines).toEqual(expect.arrayContaining(documents));
  });
});

describe('docker-compose.yml', () => {
  it.each(all)('hardens %s', (_, service) => {
    expect(service).toMatchObject({
      ...{ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] },
    });
  });

  it.each(all.filter(([name]) => name !== 'migrate'))('checks the health of %s', (_, { healthcheck }) => {
    expect(healthcheck.test?.[0]).toBe('CMD');
  });

  it.each(all.filter(([, { image }]) => !image.includes('countersign')))(
    'runs %s, whose image would start as root, as another user',
    (_, { user }) => {
      expect(user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    },
  );

  it('gives each process its own secrets, as files', () => {
    expect(valuesOf(({ secrets = [] }) => secrets)).toEqual({
      postgres: [
        'postgres-superuser-password',
        'countersign-password',
        'custody-password',
        'custody_reader-password',
      ],
      ledger: ['ledger-superuser-password', 'ledger-password'],
      migrate: ['database-url'],
      api: ['database-url', 'ledger-url', 'keys', 'chains'],
      custody: ['custody-api-database-url', 'custody-database-url', 'custody-keys', 'custody-rules'],
      consent: [],
      gateway: [],
      orders: [],
    });
  });

  it('has no secret in an environment', () => {
    const names = all.flatMap(([name, { environment = {} }]) =>
      Object.keys(environment)
        .filter((variable) => PASSWORDS.test(variable) && !variable.endsWith('_FILE'))
        .map((variable) => `${name} ${variable}`),
    );
    expect(names).toEqual(['api PUBLIC_URL', 'api REDIS_URL', 'orders JWKS_URL']);
  });

  it('publishes ports on loopback, and none of custody, databases and the example service', () => {
    const published = all.filter(([, { ports }]) => ports);
    expect(published.map(([name]) => name)).toEqual(['api', 'consent', 'gateway']);
    for (const [, { ports = [] }] of published)
      expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });

  it('lets databases and custody reach no other network, and the example service only the gateway', () => {
    expect(networks).toMatchObject({ database: { internal: true }, gateway: { internal: true } });
    const namesOf = (own: Service['networks']): readonly string[] =>
      own instanceof Array ? own : Object.keys(own);
    expect(valuesOf((service) => namesOf(service.networks))).toEqual({
      ...{ postgres: ['database'], ledger: ['database'], migrate: ['database'], custody: ['database'] },
      ...{ api: ['database', 'public', 'gateway'], gateway: ['public', 'gateway'], orders: ['gateway'] },
      consent: ['public', 'gateway'],
    });
  });

  it('gives the API no way to the socket of the consent page, and that page no way to another', () => {
    expect(
      valuesOf(({ volumes = [] }) => volumes.filter((volume) => /^(?:consent|custody):/.test(volume))),
    ).toEqual({
      ...{ postgres: [], ledger: [], migrate: [], gateway: [], orders: [] },
      api: ['custody:/run/custody'],
      custody: ['custody:/run/custody', 'consent:/run/consent'],
      consent: ['consent:/run/consent'],
    });
  });

  it('has the API believe the address of the gateway alone', () => {
    expect(services['api']?.environment?.['TRUSTED_PROXIES']).toBe(addressOf('gateway'));
  });
});

describe('deploy/nginx/in-compose.sh', () => {
  it('changes addresses, names and ports of nginx.conf', () => {
    const folder = mkdtempSync(join(tmpdir(), 'countersign-compose-'));
    try {
      writeFileSync(join(folder, 'nginx'), '#!/bin/sh\n', { mode: 0o755 });
      const names = { ID_HOST: 'id.test', API_HOST: 'api.test', WALLET_HOST: 'wallet.test' };
      const env = { PATH: `${folder}:/usr/bin:/bin`, TMPDIR: folder, ...names };
      spawnSync('sh', [join(ROOT, 'deploy/nginx/in-compose.sh')], { env });
      const text = readFileSync(join(folder, 'nginx.conf'), 'utf8');
      const found = (pattern: RegExp): unknown[] => [...text.matchAll(pattern)].map(([, value]) => value);

      expect(found(/^ +server ([\d.:]+)/gm)).toEqual([
        ...[
          `${addressOf('api')}:3001`,
          `${addressOf('api')}:3000`,
          `${addressOf('consent')}:3005`,
          `${addressOf('orders')}:8080`,
        ],
      ]);
      expect(new Set(found(/^ +listen (\S+?);? /gm))).toEqual(new Set(['8080']));
      expect(found(/server_name (\S+);/g)).toEqual(['_', 'api.test', 'id.test', 'wallet.test']);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

function addressOf(service: string): string {
  const { networks: own = {} } = services[service] ?? {};
  return 'gateway' in own ? (own.gateway.ipv4_address ?? '') : '';
}
