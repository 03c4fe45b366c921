import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { useFixture } from '../support/use-fixture';
import { bearer, useNginx } from '../system/support/behind-gateway';

const readText = (file: string): Promise<string> => readFile(join(__dirname, '../..', file), 'utf8');

/** What follows each place where a list is named, item by item. */
function listsOf(text: string, name: string, item: RegExp): string[][] {
  return text
    .split(new RegExp(`^ *${name}:\n`, 'm'))
    .slice(1)
    .map((rest) => {
      const lines = rest.split('\n');
      const end = lines.findIndex((line) => !item.test(line) && !/^ *(patterns:|#.*)$/.test(line));
      return lines.slice(0, end).flatMap((line) => item.exec(line)?.[1]?.toLowerCase() ?? []);
    });
}

/** Taken from the check too: it answers what a WebSocket offered, without credentials. */
const OFFERED = 'sec-websocket-protocol';

describe('what is written about the gateways', () => {
  /** In small letters, in order. */
  let identityHeaders: readonly string[];

  const gateway = useNginx();
  const session = useFixture(() => gateway.signIn());

  beforeAll(async () => {
    const check = `http://127.0.0.1:${gateway.gatewayPort}/v1/gateway/authorize`;
    const [accepted, refused] = [await fetch(check, { headers: bearer(session) }), await fetch(check)];
    identityHeaders = [...accepted.headers.keys()]
      .filter((name) => name.startsWith('x-') && !refused.headers.has(name))
      .sort();
  });

  it('the check answers with headers about the caller', () => {
    expect(identityHeaders).toHaveLength(5);
  });

  it('Traefik clears each of them for every router, and takes it from every check', async () => {
    const text = await readText('deploy/traefik/dynamic.yml');
    const routers = text.slice(text.indexOf('  routers:'), text.indexOf('\n  middlewares:'));
    const [cleared = []] = listsOf(text, 'customRequestHeaders', /^ +([\w-]+): ''$/);
    const taken = listsOf(text, 'authResponseHeaders', /^ +- ([\w-]+)$/);
    const chains = [...routers.matchAll(/middlewares: \[(.*)\]/g)].map(([, chain]) => chain);

    expect(cleared).toEqual(expect.arrayContaining([...identityHeaders]));
    const wanted = [OFFERED, ...identityHeaders];
    expect(taken.map((names) => names.sort())).toEqual([wanted, wanted]);
    expect(chains.filter((chain) => !chain?.startsWith('clear-forged-headers'))).toEqual(['check-away']);
    expect(text.match(/^ +forwardAuth:$/gm)).toHaveLength(taken.length);
    expect(text.match(/trustForwardHeader: false$/gm)).toHaveLength(taken.length);
  });

  it('Traefik drops other spellings of them at every entry point, and believes no client', async () => {
    const text = await readText('deploy/traefik/traefik.yml');
    const entryPoints = text.match(/^ {4}address: /gm) ?? [];

    expect(text.match(/^ {6}aliasHeadersStrategy: delete$/gm)).toHaveLength(entryPoints.length);
    expect(text.match(/trustedIPs: .*$/gm)).toEqual(['trustedIPs: []', `trustedIPs: ['127.0.0.1/32']`]);
  });

  it('Envoy clears each of them, other spellings too, and takes it from every check', async () => {
    const text = await readText('deploy/envoy/envoy.yaml');
    const beforeCheck = text.slice(
      text.indexOf('countersign.before_check'),
      text.indexOf('name: countersign.check'),
    );
    const cleared = [...beforeCheck.matchAll(/- remove: (\S+)$/gm)].map(([, name]) => name);
    const taken = listsOf(text, 'allowed_upstream_headers', /^ +- exact: (\S+)$/);

    expect(cleared).toEqual(expect.arrayContaining([...identityHeaders]));
    expect(beforeCheck).toContain(`regex: '.*[^:a-z0-9-].*'`);
    expect(text).toContain('headers_with_underscores_action: DROP_HEADER');
    const wanted = [OFFERED, ...identityHeaders];
    expect(taken.map((names) => names.sort())).toEqual([wanted, wanted]);
    expect(text.match(/failure_mode_allow: (\w+)/g)).toEqual(['failure_mode_allow: false']);
  });
});
