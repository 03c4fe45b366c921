import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { load, loadAll } from 'js-yaml';

/** A rendered object of Kubernetes. */
interface Rendered {
  readonly apiVersion: string;
  readonly kind: string;
  readonly spec: {
    readonly replicas?: number;
    readonly ingress?: unknown;
    readonly template?: { readonly spec: Pod };
  };
}

interface Pod {
  readonly securityContext: object;
  readonly automountServiceAccountToken: boolean;
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
}

interface Container {
  readonly name: string;
  readonly image: string;
  readonly securityContext: object;
  readonly resources: { readonly limits?: { readonly memory?: string } };
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
  readonly volumeMounts: readonly { readonly name: string }[];
}

type Values = Readonly<Record<string, unknown>>;

const ROOT = join(__dirname, '..');
const CHART = join(ROOT, 'deploy/helm/countersign');
const variables = readFileSync(join(ROOT, 'docs/configuration.md'), 'utf8');
const validate = new Ajv({ allErrors: true, strict: false }).compile(
  JSON.parse(readFileSync(join(CHART, 'values.schema.json'), 'utf8')) as object,
);

/** The values that an operator has to set. */
const LEAST = {
  image: { repository: 'registry.example.com/countersign' },
  publicUrl: 'https://id.example.com',
  secret: 'countersign',
};
const ALL_ON = {
  ...LEAST,
  secretKeys: { redis: true, databaseDirect: true, chains: true },
  env: { LOG_LEVEL: 'warn', ERASURE_DAYS: 5 },
  trustedProxies: ['10.0.0.0/8', '::1'],
  autoscaling: { enabled: true },
  admin: { allowedHosts: ['console.example.com'] },
  custody: { enabled: true, secret: 'custody', copyClaim: 'copy' },
  networkPolicy: {
    public: [{ namespaceSelector: { matchLabels: { team: 'edge' } } }],
    gateway: [{ podSelector: { matchLabels: { app: 'gateway' } } }],
    consent: [{ podSelector: { matchLabels: { app: 'edge' } } }],
    monitoring: [{ ipBlock: { cidr: '10.1.0.0/16' } }],
  },
  serviceMonitor: { enabled: true, labels: { release: 'prometheus' } },
  prometheusRule: { enabled: true },
  nodeSelector: { disk: 'ssd' },
  tolerations: [{ key: 'dedicated', operator: 'Exists', effect: 'NoSchedule' }],
  podAnnotations: { 'example.com/owner': 'identity' },
};

/** The values of the chart with those of an operator, as Helm merges them. */
function merged(own: Values): Values {
  const merge = (base: unknown, over: unknown): unknown =>
    isMap(base) && isMap(over)
      ? {
          ...base,
          ...Object.fromEntries(Object.entries(over).map(([key, value]) => [key, merge(base[key], value)])),
        }
      : over;
  return merge(load(readFileSync(join(CHART, 'values.yaml'), 'utf8')), own) as Values;
}

function isMap(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

let renderer = '';

/** Renders the chart with the template language and the functions of Helm. */
function render(own: Values): { readonly objects: readonly Rendered[]; readonly refusal: string } {
  const input = {
    Values: merged(own),
    Release: { Name: 'id', Service: 'Helm' },
    Chart: { Name: 'countersign', Version: '0.1.0', AppVersion: '0.1.0' },
  };
  const options = { input: JSON.stringify(input), encoding: 'utf8' } as const;
  const { status, stdout, stderr } = spawnSync(renderer, [CHART], options);
  if (status !== 0) return { objects: [], refusal: stderr };
  return { objects: loadAll(stdout).filter((object) => object !== null) as Rendered[], refusal: '' };
}

function podsOf(objects: readonly Rendered[]): readonly Pod[] {
  return objects.flatMap(({ spec }) => (spec.template ? [spec.template.spec] : []));
}

function containersOf(objects: readonly Rendered[]): readonly Container[] {
  return podsOf(objects).flatMap(({ containers, initContainers = [] }) => [...initContainers, ...containers]);
}

const hasGo = spawnSync('go', ['version']).status === 0;
const orSkip = hasGo || process.env['CI'] ? describe : describe.skip;

orSkip('the chart', () => {
  const folder = mkdtempSync(join(tmpdir(), 'chart-'));

  beforeAll(() => {
    renderer = join(folder, 'render');
    const ofGo = { GO111MODULE: 'off', GOPATH: '/usr/share/gocode', GOCACHE: join(folder, 'cache') };
    const words = ['build', '-o', renderer, join(ROOT, 'test/helm-template/main.go')];
    const built = spawnSync('go', words, { env: { ...process.env, ...ofGo }, encoding: 'utf8' });
    if (built.status !== 0) throw new Error(built.stderr);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each([
    ['the required values', LEAST],
    ['everything', ALL_ON],
  ])(
    'has only fields that Kubernetes knows, of its types, with %s',
    (_, values) => {
      const { objects, refusal } = render(values);
      const modules = ['apps/v1', 'autoscaling/v2', 'batch/v1', 'networking.k8s.io/v1', 'policy/v1', 'v1'];
      const moduleOf = (version: string) => (version === 'v1' ? 'core/v1' : version.replace('.k8s.io', ''));
      const known = objects.filter(({ apiVersion }) => modules.includes(apiVersion));
      const source = known.map(
        (object, at) =>
          `export const o${at}: import('${ROOT}/node_modules/kubernetes-types/${moduleOf(object.apiVersion)}').${object.kind} = ${JSON.stringify(object)};`,
      );
      const file = join(folder, 'objects.ts');
      writeFileSync(file, source.join('\n'));
      const words = ['--ignoreConfig', '--noEmit', '--strict', '--skipLibCheck', file];
      const tsc = join(ROOT, 'node_modules/.bin/tsc');
      const { stdout } = spawnSync(tsc, words, { cwd: folder, encoding: 'utf8' });

      expect(refusal).toBe('');
      expect(stdout).toBe('');
      expect(known.length).toBeGreaterThan(5);
      // Those of the Prometheus operator, which no package of types describes.
      expect(objects.filter((object) => !known.includes(object)).map(({ kind }) => kind)).toEqual(
        values === LEAST ? [] : ['ServiceMonitor', 'PrometheusRule'],
      );
    },
    60_000,
  );

  it('lets no container write, gain a privilege or be root', () => {
    const { objects } = render(ALL_ON);

    const names = containersOf(objects).map(({ name }) => name);
    expect(names).toEqual(['socket-folder', 'api', 'custody', 'reader', 'consent', 'migrate']);
    for (const { securityContext, resources } of containersOf(objects)) {
      expect(securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(resources.limits?.memory).toMatch(/^\d+Mi$/);
    }
    for (const pod of podsOf(objects)) {
      expect(pod.securityContext).toMatchObject({
        runAsNonRoot: true,
        runAsUser: 1000,
        seccompProfile: { type: 'RuntimeDefault' },
      });
      expect(pod.automountServiceAccountToken).toBe(false);
    }
  });

  it('sets variables that exist, and no secret', () => {
    const set = containersOf(render(ALL_ON).objects).flatMap(({ env = [] }) => env);

    expect(set.map(({ name }) => name).filter((name) => !variables.includes(`\`${name}\``))).toEqual([]);
    const values = set.filter(({ value }) => value !== undefined);
    expect(values.filter(({ name }) => /(?:DATABASE_URL|LEDGER|KEYS|REDIS_URL)$/.test(name))).toEqual([]);
  });

  it('gives the secret of custody to custody alone, and only where it is on', () => {
    const mountsOf = (own: Values): (readonly [string, readonly string[]])[] =>
      containersOf(render(own).objects).map(({ name, volumeMounts }) => [
        name,
        volumeMounts.map((mount) => mount.name).filter((mount) => !mount.startsWith('tmp')),
      ]);

    expect(mountsOf(LEAST)).toEqual([
      ['api', ['secret']],
      ['migrate', ['secret']],
    ]);
    expect(mountsOf(ALL_ON)).toEqual([
      ['socket-folder', ['socket', 'consent-socket', 'reader-socket']],
      ['api', ['secret', 'socket']],
      ['custody', ['custody-secret', 'socket', 'custody-copy', 'consent-socket', 'reader-socket']],
      ['reader', ['reader-socket']],
      ['consent', ['consent-socket']],
      ['migrate', ['secret']],
    ]);
  });

  it('admits no peer that the values do not name', () => {
    const policyOf = (own: Values): unknown =>
      render(own).objects.find(({ kind }) => kind === 'NetworkPolicy')?.spec.ingress;

    expect(policyOf(LEAST)).toEqual([]);
    expect(policyOf(ALL_ON)).toEqual([
      { ports: [{ protocol: 'TCP', port: 3000 }], from: ALL_ON.networkPolicy.public },
      { ports: [{ protocol: 'TCP', port: 3001 }], from: ALL_ON.networkPolicy.gateway },
      { ports: [{ protocol: 'TCP', port: 3005 }], from: ALL_ON.networkPolicy.consent },
      { ports: [{ protocol: 'TCP', port: 3001 }], from: ALL_ON.networkPolicy.monitoring },
    ]);
  });

  it.each([
    ['as many as there are have to stay', { replicas: 2 }],
    ['the autoscaler has no room', { autoscaling: { enabled: true, minReplicas: 9 } }],
  ])('is refused where %s', (_, own) => {
    expect(render({ ...LEAST, ...own }).refusal).toMatch(/minAvailable|maxReplicas/);
  });
});

describe('the values of the chart', () => {
  it.each<[string, Values]>([
    ['an address without TLS', { publicUrl: 'http://id.example.com' }],
    ['a secret in a variable', { env: { KEYS: '{}' } }],
    ['a password in a variable', { env: { DATABASE_URL: 'postgresql://a:b@c/d' } }],
    ['a variable that the chart sets', { env: { HOST: '0.0.0.0' } }],
    ['custody without its secret', { custody: { enabled: true } }],
    ['a misspelt value', { replica: 3 }],
    ['a peer that is everyone', { networkPolicy: { public: [{}] } }],
    ['a digest that is none', { image: { digest: 'latest' } }],
  ])('are refused with %s', (_, own) => {
    const base = { ...LEAST, image: { ...LEAST.image } } as Values;
    const over = 'image' in own ? { ...own, image: { ...LEAST.image, ...(own['image'] as object) } } : own;

    expect([validate(merged(base)), validate(merged({ ...base, ...over }))]).toEqual([true, false]);
  });
});
