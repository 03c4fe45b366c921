import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from 'js-yaml';

const ROOT = join(__dirname, '..');
/** All addresses of a container. */
const ANY = '0.0.0.0';
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
      migrate: ['database-url', 'ledger-url'],
      api: ['database-url', 'ledger-url', 'keys', 'chains'],
      custody: ['custody-api-database-url', 'custody-database-url', 'custody-keys', 'custody-rules'],
      consent: [],
      'chain-reader': [],
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
    expect(names).toEqual([
      ...['api COUNTERSIGN_ADMIN_URL', 'api PUBLIC_URL', 'api REDIS_URL', 'orders JWKS_URL'],
    ]);
  });

  it('publishes the gateway and the administration API on loopback', () => {
    expect(all.flatMap(([, { ports = [] }]) => ports)).toEqual([
      ...['127.0.0.1:${ADMIN_PORT:-3002}:3002', '127.0.0.1:${HTTP_PORT:-8080}:8080'],
    ]);
  });

  it('lets each container reach the ports that it needs, and the API, the reader and the gateway the internet', () => {
    const { api, gateway, consent, orders } = services;
    const { HOST, GATEWAY_HOST, ADMIN_HOST } = api?.environment ?? {};
    const listening: readonly (readonly [name: string, port: number, address: string | undefined])[] = [
      ...([
        ['postgres', 5432, ANY],
        ['ledger', 5432, ANY],
      ] as const),
      ...([
        ['api', 3000, HOST],
        ['api', 3001, GATEWAY_HOST],
        ['api', 3002, ADMIN_HOST],
      ] as const),
      ['consent', 3005, consent?.environment?.['CONSENT_HOST']],
      ['gateway', 8080, addressOf('gateway', 'public')],
      ['orders', 8080, orders?.environment?.['HOST']],
    ];
    const reached = (name: string): readonly string[] =>
      listening
        .filter(([other, , address]) =>
          networksOf(other).some(
            ([network, own]) =>
              other !== name &&
              (address === ANY || address === own) &&
              networksOf(name).some(([shared]) => shared === network),
          ),
        )
        .map(([other, port]) => `${other}:${port}`);

    expect(Object.fromEntries(all.map(([name]) => [name, reached(name)]))).toEqual({
      ...{ postgres: [], ledger: [], consent: [], 'chain-reader': [] },
      ...{ migrate: ['postgres:5432', 'ledger:5432'], api: ['postgres:5432', 'ledger:5432'] },
      custody: ['postgres:5432'],
      gateway: ['api:3000', 'api:3001', 'consent:3005', 'orders:8080'],
      orders: ['api:3000'],
    });
    const open = all.filter(([name]) => networksOf(name).some(([network]) => !networks[network]?.internal));
    expect(open.map(([name]) => name)).toEqual(['api', 'chain-reader', 'gateway']);
    expect(gateway?.healthcheck.test?.join()).toContain(addressOf('gateway', 'public'));
  });

  it('gives the API no way to the sockets of the consent page and of the reader, and these no way to another', () => {
    expect(
      valuesOf(({ volumes = [] }) => volumes.filter((volume) => /^(?:consent|custody|reader):/.test(volume))),
    ).toEqual({
      ...{ postgres: [], ledger: [], migrate: [], gateway: [], orders: [] },
      api: ['custody:/run/custody'],
      custody: ['custody:/run/custody', 'consent:/run/consent', 'reader:/run/reader'],
      'chain-reader': ['reader:/run/reader'],
      consent: ['consent:/run/consent'],
    });
  });

  it('has the API believe the addresses of the gateway alone', () => {
    const own = [addressOf('gateway', 'api'), addressOf('gateway', 'check')];
    expect(services['api']?.environment?.['TRUSTED_PROXIES']).toBe(own.join());
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
          `${addressOf('api', 'check')}:3001`,
          `${addressOf('api', 'api')}:3000`,
          `${addressOf('consent', 'consent')}:3005`,
          `${addressOf('orders', 'services')}:8080`,
        ],
      ]);
      expect(new Set(found(/^ +listen (\S+?);? /gm))).toEqual(
        new Set([`${addressOf('gateway', 'public')}:8080`]),
      );
      expect(found(/server_name (\S+);/g)).toEqual(['_', 'api.test', 'id.test', 'wallet.test']);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

/** The networks of a container, with its address where that is fixed. */
function networksOf(service: string): readonly (readonly [network: string, address?: string])[] {
  const { networks: own = [] } = Object.fromEntries(all)[service] ?? {};
  if (own instanceof Array) return own.map((name) => [name] as const);
  return Object.entries(own).map(([name, { ipv4_address: address }]) => [name, address ?? ''] as const);
}

function addressOf(service: string, network: string): string {
  return networksOf(service).find(([name]) => name === network)?.[1] ?? '';
}
