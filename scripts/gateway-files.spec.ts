import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';

/** The files that no test runs: neither Debian nor the npm registry has Envoy or Traefik. */

type Named = Readonly<Record<string, unknown>>;

/** Countersign closes a connection that was idle for 65 seconds. */
it.each([
  [
    'caddy/Caddyfile',
    /reverse_proxy 127\.0\.0\.1:300\d\b(?:(?!\n\}|reverse_proxy).)*?\bkeepalive 30s\n/gs,
    3,
  ],
  ['nginx/nginx.conf', /server 127\.0\.0\.1:300\d\b[^}]*\bkeepalive_timeout 30s;/g, 3],
  ['envoy/envoy.yaml', /name: countersign_\w+(?:(?!- name:).)*\bidle_timeout: 30s\b/gs, 3],
  ['traefik/dynamic.yml', /idleConnTimeout: 30s\n/g, 2],
])('idle connections to Countersign are closed before by %s', (name, upstream, count) => {
  expect(readText(name).match(upstream)).toHaveLength(count);
});

it('Traefik has the entry points, middlewares and services that its routers name, and no others', () => {
  const { http } = load(readText('traefik/dynamic.yml')) as {
    readonly http: Readonly<Record<string, Named>>;
  };
  const routers = http['routers'];

  for (const [kind, key] of [
    ['middlewares', 'middlewares'],
    ['services', 'service'],
  ] as const) {
    const named = new Set(
      valuesOf(routers, key)
        .flat()
        .filter((name) => name !== 'noop@internal'),
    );
    expect([...named].toSorted()).toEqual(Object.keys(http[kind] ?? {}).toSorted());
  }
  expect(Object.keys(http['services'] ?? {})).toEqual(
    expect.arrayContaining(valuesOf(http['middlewares'], 'service') as string[]),
  );
});

it('Envoy has the clusters that it names, checks before it routes, and lets no request through when the check fails', () => {
  const file = load(readText('envoy/envoy.yaml'));
  const clusters = (valuesOf(file, 'clusters').flat() as Named[]).map(({ name }) => name);
  const filters = (valuesOf(file, 'http_filters').flat() as Named[]).map(({ name }) => name);

  expect([...new Set(valuesOf(file, 'cluster'))].toSorted()).toEqual(clusters.toSorted());
  expect(filters.indexOf('countersign.check')).toBeGreaterThanOrEqual(0);
  expect(filters.at(-1)).toBe('envoy.filters.http.router');
  expect(valuesOf(file, 'failure_mode_allow')).toEqual([false]);
});

it.each([
  ['caddy/Caddyfile', /wallet\.example\.com(?:(?!\n\}).)*max_size 16KiB.*?:3005/s],
  ['nginx/nginx.conf', /wallet\.example\.com;(?:(?!\n {2}\}).)*headers off;(?:(?!\n {2}\}).)*_size 16k;/s],
  ['envoy/envoy.yaml', /wallet\.example\.com,(?:(?!- name:).)*max_request_bytes: 16384/s],
  ['traefik/dynamic.yml', /wallet\.example\.com[^[]*\[clear-forged-headers, .*small-bodies\]/],
])('the consent page has a host of its own and small bodies in %s', (name, host) => {
  expect(readText(name)).toMatch(host);
});

function readText(name: string): string {
  return readFileSync(join(__dirname, '../deploy', name), 'utf8');
}

/** All values of a property, at any depth. */
function valuesOf(value: unknown, name: string): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => [
    ...(key === name ? [each as unknown] : []),
    ...valuesOf(each, name),
  ]);
}
