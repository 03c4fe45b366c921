import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import type { Rule } from './gateway-paths';

/** What the file makes of a path: a rule, or a refusal of its own. */
export type Ruling = Rule | 'refused';

const REFUND_SCOPE = 'scope=orders%3Arefund';
const HOST = 'api.example.com';

function read(file: string): unknown {
  return load(readFileSync(join(__dirname, '../../..', file), 'utf8'));
}

const traefik = read('deploy/traefik/dynamic.yml') as TraefikFile;
const envoy = read('deploy/envoy/envoy.yaml') as EnvoyFile;

/** As Go and RE2 read it, which is as JavaScript does but for where the flag stands. */
function regexOf(source: string, isWhole = false): RegExp {
  const [, flag, rest = ''] = /^(\(\?i\))?(.*)$/.exec(source) ?? [];
  return new RegExp(isWhole ? `^(?:${rest})$` : rest, flag ? 'i' : '');
}

interface TraefikFile {
  readonly http: {
    readonly routers: Readonly<
      Record<
        string,
        {
          readonly rule: string;
          readonly priority?: number;
          readonly middlewares: string[];
          readonly service: string;
        }
      >
    >;
    readonly middlewares: Readonly<Record<string, { readonly forwardAuth?: { readonly address: string } }>>;
  };
}

/** What Traefik would do: the router with the highest priority of those whose rule holds. */
export function rulingOfTraefik(path: string): Ruling {
  const { routers, middlewares } = traefik.http;
  const found = Object.values(routers)
    .filter(({ rule }) => isTrueInTraefik(rule, path))
    // Its default is the length of the rule.
    .toSorted((one, other) => (other.priority ?? other.rule.length) - (one.priority ?? one.rule.length))[0];
  if (!found) return 'nowhere';
  if (found.service === 'noop@internal') return 'refused';
  const [check] = found.middlewares.flatMap((name) => middlewares[name]?.forwardAuth?.address ?? []);
  if (check === undefined) return 'catalogue';
  return check.includes(REFUND_SCOPE) ? 'refunds' : 'orders';
}

function isTrueInTraefik(rule: string, path: string): boolean {
  return rule.split(' && ').every((clause) => {
    const [, not, matcher = '', value = ''] = /^(!?)(\w+)\(`(.*)`\)$/.exec(clause) ?? [];
    return holds(matcher, value) !== (not === '!');
  });

  function holds(matcher: string, value: string): boolean {
    switch (matcher) {
      case 'Host':
        return value === HOST;
      case 'Path':
        return path === value;
      case 'PathPrefix':
        return path.startsWith(value);
      case 'PathRegexp':
        return regexOf(value).test(path);
      default:
        throw new Error(`the test knows no matcher ${matcher}`);
    }
  }
}

interface EnvoyRoute {
  readonly match: { readonly prefix?: string; readonly safe_regex?: { readonly regex: string } };
  readonly direct_response?: { readonly status: number };
  readonly typed_per_filter_config?: Readonly<
    Record<
      string,
      {
        readonly disabled?: boolean;
        readonly check_settings?: { readonly http_service: { readonly path_override: string } };
      }
    >
  >;
}

interface EnvoyFile {
  readonly static_resources: {
    readonly listeners: readonly {
      readonly filter_chains: readonly {
        readonly filters: readonly {
          readonly typed_config: {
            readonly route_config: {
              readonly virtual_hosts: readonly {
                readonly domains: readonly string[];
                readonly routes: readonly EnvoyRoute[];
              }[];
            };
          };
        }[];
      }[];
    }[];
  };
}

/** What Envoy would do: the first route that matches. */
export function rulingOfEnvoy(path: string): Ruling {
  const { listeners } = envoy.static_resources;
  const hosts = listeners[0]?.filter_chains[0]?.filters[0]?.typed_config.route_config.virtual_hosts ?? [];
  const routes = hosts.find(({ domains }) => domains.includes(HOST))?.routes ?? [];
  const found = routes.find(({ match }) => isMatchInEnvoy(match, path));
  if (!found) return 'nowhere';
  if (found.direct_response) return found.direct_response.status === 404 ? 'nowhere' : 'refused';
  const check = found.typed_per_filter_config?.['countersign.check'];
  if (check?.disabled) return 'catalogue';
  return check?.check_settings?.http_service.path_override.includes(REFUND_SCOPE) ? 'refunds' : 'orders';
}

function isMatchInEnvoy({ prefix, safe_regex: expression }: EnvoyRoute['match'], path: string): boolean {
  if (prefix !== undefined) return path.startsWith(prefix);
  if (expression !== undefined) return regexOf(expression.regex, true).test(path);
  throw new Error('the test knows no such match');
}
