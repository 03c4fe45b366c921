import type { Configuration } from '@countersign/config';
import { note, ok, wrong, type Finding } from './finding';

const LOOPBACK = /^(?:127\.|::1$|localhost$)/;
/** A range with so short a prefix is the internet, and no proxy. */
const WIDE = /\/[0-7]$/;

/** Settings that are valid, and that weaken what stands in front of the service. */
export function gatewayFindings(configuration: Configuration): readonly Finding[] {
  const { nodeEnv, host, publicUrl, trustedProxies } = configuration;
  const isProduction = nodeEnv === 'production';
  const isPublic = !LOOPBACK.test(host);
  const wide = trustedProxies.filter((range) => WIDE.test(range));
  const findings: Finding[] = [];
  const found = (state: typeof wrong, detail: string, remedy: string): void =>
    void findings.push(state('gateway', detail, remedy));
  if (isPublic && !isProduction)
    found(
      wrong,
      `HOST is ${host}, reachable from elsewhere, and NODE_ENV is ${nodeEnv}: what is made up for development is accepted`,
      'set NODE_ENV=production',
    );
  if (publicUrl === null && (isProduction || isPublic))
    found(
      wrong,
      'PUBLIC_URL is not set: identity tokens name this machine as their issuer',
      'set PUBLIC_URL to where clients reach the service',
    );
  if (wide.length > 0)
    found(
      wrong,
      `TRUSTED_PROXIES has ${wide.join(', ')}: any client can name the address that limits count`,
      'name only the addresses of your gateway',
    );
  if (trustedProxies.length === 0 && (isProduction || isPublic))
    found(
      note,
      'TRUSTED_PROXIES is not set: behind a gateway all clients have its address, and no limit counts by address',
      'name the addresses of your gateway (docs/configuration.md)',
    );
  return findings.length > 0 ? findings : [ok('gateway', 'no setting that weakens it')];
}
