import type { Configuration } from '@countersign/config';
import { note, ok, wrong, type Finding } from './finding';

const CONFIGURATION = 'docs/configuration.md';
const LOOPBACK = /^(?:127\.|::1$|localhost$)/;
/** A range with so short a prefix is the internet, and no proxy. */
const MIN_PREFIX = 8;

/** Settings that are valid, and that weaken what stands in front of the service. */
export function unsafeSettings(configuration: Configuration): readonly Finding[] {
  const { nodeEnv, host, publicUrl, trustedProxies } = configuration;
  const isPublic = !LOOPBACK.test(host);
  const findings: Finding[] = [];
  if (isPublic && nodeEnv !== 'production')
    findings.push(
      wrong(
        'gateway',
        `HOST is ${host}, reachable from elsewhere, and NODE_ENV is ${nodeEnv}: what is made up for development is accepted`,
        'set NODE_ENV=production',
      ),
    );
  if (publicUrl === null && (nodeEnv === 'production' || isPublic))
    findings.push(
      wrong(
        'gateway',
        'PUBLIC_URL is not set: identity tokens name this machine as their issuer',
        'set PUBLIC_URL to where clients reach the service',
      ),
    );
  const wide = trustedProxies.filter(
    (range) => Number(/\/(\d+)$/.exec(range)?.[1] ?? MIN_PREFIX) < MIN_PREFIX,
  );
  if (wide.length > 0)
    findings.push(
      wrong(
        'gateway',
        `TRUSTED_PROXIES has ${wide.join(', ')}: any client can name the address that limits count`,
        'name only the addresses of your gateway',
      ),
    );
  if (trustedProxies.length === 0 && (isPublic || nodeEnv === 'production'))
    findings.push(
      note(
        'gateway',
        'TRUSTED_PROXIES is not set: behind a gateway all clients have its address, and no limit counts by address',
        `name the addresses of your gateway (${CONFIGURATION})`,
      ),
    );
  return findings.length > 0 ? findings : [ok('gateway', 'no setting that weakens it')];
}
