import { readFileSync } from 'node:fs';
import { urlOf } from './settings';

/** Whom people consent at in development: a bot of the fake Telegram. */
export interface DevelopmentBot {
  readonly id: string;
  readonly publicKey: string;
}

/** In the smallest unit: enough to try sends with, of each coin and token. */
const AMOUNTS = { walletPerDay: String(10n ** 21n), allPerHour: String(10n ** 22n) };

/**
 * Rules for development: what wallets may sign away on the chains that are configured, and sign in to on this machine.
 */
export function developmentRules(
  { CHAINS, CHAINS_FILE, PUBLIC_URL }: NodeJS.ProcessEnv,
  { host, port }: { readonly host: string; readonly port: number },
  bot: DevelopmentBot | null,
): string {
  const addresses = [urlOf(host, port), urlOf('127.0.0.1', port), urlOf('localhost', port)];
  const domains = [...addresses, ...(PUBLIC_URL ? [PUBLIC_URL] : [])].map((address) => new URL(address).host);
  return JSON.stringify({
    assets: chainsOf(CHAINS, CHAINS_FILE).flatMap((chain) =>
      [null, '*'].map((token) => ({ chain, token, ...AMOUNTS, withConsent: AMOUNTS })),
    ),
    ...{ exportsPerHour: 20, exportDelayHours: 0 },
    consentBots: bot ? [{ environment: 'production', username: 'consent_bot', ...bot }] : [],
    // The clients of Xellar need it.
    undecoded: 'sign',
    domains: [...new Set(domains)].filter((domain) => !domain.startsWith('[')),
  });
}

/** Ids of the chains. Chains that cannot be read get no rules: the start of the API says what is wrong with them. */
function chainsOf(text = '', file = ''): readonly string[] {
  try {
    const { chains } = JSON.parse(text || readFileSync(file, 'utf8')) as { chains: { chainId: string }[] };
    return chains.map(({ chainId }) => chainId);
  } catch {
    return [];
  }
}
