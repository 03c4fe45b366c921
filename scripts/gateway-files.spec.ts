import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';

/** The form of the files that no test runs: neither Debian nor the npm registry has Envoy or Traefik. */

interface Traefik {
  readonly http: {
    readonly routers: Readonly<
      Record<
        string,
        {
          readonly entryPoints: readonly string[];
          readonly middlewares: readonly string[];
          readonly service: string;
          readonly rule: string;
        }
      >
    >;
    readonly middlewares: Readonly<
      Record<string, Readonly<Record<string, { readonly address?: string; readonly service?: string }>>>
    >;
    readonly services: Readonly<
      Record<
        string,
        {
          readonly loadBalancer: {
            readonly serversTransport?: string;
            readonly servers: readonly { readonly url: string }[];
          };
        }
      >
    >;
    readonly serversTransports: Readonly<
      Record<string, { readonly forwardingTimeouts: { readonly idleConnTimeout?: string } }>
    >;
  };
}

/** Countersign closes a connection that was idle for 65 seconds. */
describe('connections to Countersign that are idle', () => {
  it.each([
    ['caddy/Caddyfile', /reverse_proxy 127\.0\.0\.1:300\d\b(?:(?!\n\}|reverse_proxy).)*?\bkeepalive 30s\n/gs],
    ['nginx/nginx.conf', /server 127\.0\.0\.1:300\d\b[^}]*\bkeepalive_timeout 30s;/g],
    ['envoy/envoy.yaml', /name: countersign_\w+(?:(?!- name:).)*\bidle_timeout: 30s\b/gs],
  ])('are closed before by %s, on both ports', (name, upstream) => {
    expect(readText(name).match(upstream)).toHaveLength(2);
  });

  it('are closed before by Traefik, on both ports', () => {
    const { services, serversTransports } = (read('traefik/dynamic.yml') as Traefik).http;
    const ofCountersign = Object.entries(services).filter(([name]) => name.startsWith('countersign-'));

    expect(
      ofCountersign.map(
        ([, { loadBalancer }]) =>
          serversTransports[loadBalancer.serversTransport ?? '']?.forwardingTimeouts.idleConnTimeout,
      ),
    ).toEqual(['30s', '30s']);
  });
});

describe('the files of Traefik', () => {
  const { entryPoints } = read('traefik/traefik.yml') as { readonly entryPoints: object };
  const { http } = read('traefik/dynamic.yml') as Traefik;

  it('name entry points, middlewares and services that exist', () => {
    for (const { entryPoints: used, middlewares, service } of Object.values(http.routers)) {
      expect(Object.keys(entryPoints)).toEqual(expect.arrayContaining([...used]));
      expect(Object.keys(http.middlewares)).toEqual(expect.arrayContaining([...middlewares]));
      expect([...Object.keys(http.services), 'noop@internal']).toContain(service);
    }
    const behind = Object.values(http.middlewares).flatMap(({ errors }) => errors?.service ?? []);
    expect(Object.keys(http.services)).toEqual(expect.arrayContaining(behind));
  });

  it('use every middleware and service', () => {
    const routers = Object.values(http.routers);

    expect(
      Object.keys(http.middlewares).filter(
        (name) => !routers.some((each) => each.middlewares.includes(name)),
      ),
    ).toEqual([]);
    expect(
      Object.keys(http.services).filter((name) => !routers.some(({ service }) => service === name)),
    ).toEqual([]);
  });

  it('have one kind in each middleware, rules that parse, and URLs', () => {
    for (const middleware of Object.values(http.middlewares)) {
      expect(Object.keys(middleware)).toHaveLength(1);
      expect(['headers', 'forwardAuth', 'errors']).toContain(Object.keys(middleware)[0]);
      const { address } = middleware['forwardAuth'] ?? {};
      expect(address === undefined || URL.canParse(address)).toBe(true);
    }
    for (const { rule } of Object.values(http.routers))
      for (const clause of rule.split(' && '))
        expect(clause).toMatch(/^!?(?:Host|Path|PathPrefix|PathRegexp)\(`[^`]+`\)$/);
    for (const { loadBalancer } of Object.values(http.services))
      expect(loadBalancer.servers.map(({ url }) => URL.canParse(url))).not.toContain(false);
  });
});

describe('the file of Envoy', () => {
  const file = read('envoy/envoy.yaml');
  const { clusters } = (
    file as { readonly static_resources: { readonly clusters: readonly { readonly name: string }[] } }
  ).static_resources;

  it('names clusters that exist, each once, and uses all', () => {
    const names = clusters.map(({ name }) => name);

    expect(new Set(names).size).toBe(names.length);
    expect([...new Set(valuesOf(file, 'cluster'))].toSorted()).toEqual(names.toSorted());
  });

  it('gives each filter the type that its configuration is of', () => {
    const types = valuesOf(file, 'typed_config').map(
      (each) => (each as { readonly '@type'?: string })['@type'],
    );

    expect(types.length).toBeGreaterThan(0);
    for (const type of types) expect(type).toMatch(/^type\.googleapis\.com\/envoy\.[\w.]+\.v3\.[A-Z]\w+$/);
  });

  it('checks before it routes, and lets no request through when the check fails', () => {
    const [filters = []] = valuesOf(file, 'http_filters') as readonly (readonly {
      readonly name: string;
    }[])[];
    const names = filters.map(({ name }) => name);

    expect(names.at(-1)).toBe('envoy.filters.http.router');
    expect(names).toContain('countersign.check');
    expect(valuesOf(file, 'failure_mode_allow')).toEqual([false]);
  });

  it('has expressions that parse', () => {
    for (const source of valuesOf(file, 'regex') as readonly string[])
      expect(() => new RegExp(source.replace(/^\(\?i\)/, ''))).not.toThrow();
  });
});

function read(name: string): unknown {
  return load(readText(name));
}

function readText(name: string): string {
  return readFileSync(join(__dirname, '../deploy', name), 'utf8');
}

/** All values of a property, at any depth. */
function valuesOf(value: unknown, name: string): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value as Readonly<Record<string, unknown>>).flatMap(([key, each]) => [
    ...(key === name ? [each] : []),
    ...valuesOf(each, name),
  ]);
}
