import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '..');
const STEPS = ['migrate'];
const PASSWORDS = /password|_KEYS$|_URL$|LEDGER/i;

interface Service {
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
  readonly environment?: Readonly<Record<string, string>>;
  readonly secrets?: readonly { readonly source: string }[];
  readonly networks: Readonly<Record<string, { readonly ipv4_address?: string } | null>>;
  readonly ports?: readonly unknown[];
  readonly user?: string;
  readonly image: string;
}

interface Composition {
  readonly services: Readonly<Record<string, Service>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
}

const { resolvedComposition } = jest.requireActual<{ resolvedComposition(folder: string): Composition }>(
  './lib/composition.mjs',
);
const { services, secrets, networks } = resolvedComposition(ROOT);
const all = Object.entries(services);

describe('docker-compose.yml', () => {
  it('has gateway, API, custody, databases and an example service', () => {
    expect(Object.keys(services).toSorted()).toEqual(
      ['api', 'custody', 'gateway', 'ledger', 'migrate', 'orders', 'postgres'].toSorted(),
    );
  });

  it.each(all)('hardens %s', (_, service) => {
    expect(service).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
    });
  });

  it.each(all.filter(([name]) => !STEPS.includes(name)))('checks the health of %s', (_, { healthcheck }) => {
    expect(healthcheck?.test?.[0]).toBe('CMD');
  });

  it.each(all.filter(([, { image }]) => !image.startsWith('countersign')))(
    'runs %s, whose image would start as root, as another user',
    (_, { user }) => {
      expect(user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    },
  );

  it('gives each process its own secrets, as files', () => {
    const ofApi = ['chains', 'database-url', 'keys', 'ledger-url'];
    const given = all.map(([name, service]) => [name, secretsOf(service)]);

    expect(Object.fromEntries(given)).toEqual({
      postgres: ['countersign-password', 'custody-password', 'postgres-superuser-password'],
      ledger: ['ledger-password', 'ledger-superuser-password'],
      migrate: ['database-url'],
      api: ofApi,
      custody: ['custody-database-url', 'custody-keys'],
      gateway: [],
      orders: [],
    });
    for (const [name, { file }] of Object.entries(secrets))
      expect(file.startsWith(join(ROOT, 'secrets')) || name === 'chains').toBe(true);
  });

  it('has no secret in an environment', () => {
    const values = all.flatMap(([name, { environment = {} }]) =>
      Object.entries(environment)
        .filter(([variable]) => PASSWORDS.test(variable) && !variable.endsWith('_FILE'))
        .map(([variable, value]) => `${name} ${variable} ${value}`.trim()),
    );

    expect(values).toEqual([
      'api PUBLIC_URL http://localhost:8080',
      'api REDIS_URL',
      'orders JWKS_URL http://10.83.61.3:3000/.well-known/jwks.json',
    ]);
  });

  it('publishes ports on loopback, and none of custody, databases and the example service', () => {
    const published = all.flatMap(([name, { ports = [] }]) => ports.map((port) => [name, port]));

    expect(published).toEqual([
      ['api', '127.0.0.1:3000:3000/tcp'],
      ['api', '127.0.0.1:3001:3001/tcp'],
      ['api', '127.0.0.1:3002:3002/tcp'],
      ['gateway', '127.0.0.1:8080:8080/tcp'],
    ]);
  });

  it('lets databases and custody reach no other network, and the example service only the gateway', () => {
    expect(networks).toMatchObject({ database: { internal: true }, gateway: { internal: true } });
    for (const name of ['postgres', 'ledger', 'custody', 'migrate'])
      expect(Object.keys(services[name]?.networks ?? {})).toEqual(['database']);
    expect(Object.keys(services['orders']?.networks ?? {})).toEqual(['gateway']);
    expect(Object.keys(services['gateway']?.networks ?? {})).not.toContain('database');
  });

  it('has the API believe the address of the gateway alone', () => {
    expect(services['api']?.environment?.['TRUSTED_PROXIES']).toBe(addressOf('gateway'));
  });
});

describe('deploy/nginx/in-compose.sh', () => {
  it('changes addresses, names and ports of nginx.conf, and nginx takes it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'countersign-compose-'));
    try {
      mkdirSync(join(folder, 'bin'));
      const nginx = '#!/bin/sh\nPATH="$PATH:/usr/sbin" exec "$NGINX" -t "$@"\n';
      writeFileSync(join(folder, 'bin', 'nginx'), nginx, { mode: 0o755 });
      const { status, stderr } = spawnSync('sh', [join(ROOT, 'deploy/nginx/in-compose.sh')], {
        env: {
          PATH: `${join(folder, 'bin')}:/usr/bin:/bin`,
          NGINX: '/usr/sbin/nginx',
          TMPDIR: folder,
          ...services['gateway']?.environment,
        },
        encoding: 'utf8',
      });
      const text = readFileSync(join(folder, 'nginx.conf'), 'utf8');

      expect([status, stderr.includes('test is successful')]).toEqual([0, true]);
      expect([...text.matchAll(/^ +server ([\d.:]+)/gm)].map(([, address]) => address)).toEqual([
        `${addressOf('api')}:3001`,
        `${addressOf('api')}:3000`,
        `${addressOf('orders')}:8080`,
      ]);
      expect([...text.matchAll(/^ +listen (\S+?);? /gm)].every(([, port]) => port === '8080')).toBe(true);
      expect([...text.matchAll(/server_name (\S+);/g)].map(([, name]) => name)).toEqual([
        '_',
        'api.localhost',
        'localhost',
      ]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

function addressOf(service: string): string | undefined {
  return services[service]?.networks['gateway']?.ipv4_address;
}

function secretsOf(service: Service): readonly string[] {
  return (service.secrets ?? []).map(({ source }) => source).toSorted();
}
