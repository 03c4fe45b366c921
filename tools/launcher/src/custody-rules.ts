import { readFileSync } from 'node:fs';
import { urlOf } from './settings';

export interface DevelopmentBot {
  readonly id: string;
  readonly publicKey: string;
}

/** In the smallest unit of each coin and token: enough to try sends. */
const AMOUNTS = { walletPerDay: String(10n ** 21n), allPerHour: String(10n ** 22n) };

/** The wallet code of the reference jetton of TEP-74, https://github.com/ton-blockchain/token-contract (`ft`). */
const REFERENCE_JETTON = {
  ...{ kind: 'tep74', codeDepth: 6 },
  codeHash: 'a760d629d5343e76d045017d9dc216fc8a307a8377815feb2b0a5c490e733486',
};

interface DeclaredChain {
  readonly chainId: string;
  readonly rpcUrls?: readonly string[];
  readonly name?: string;
  readonly currency?: { readonly symbol: string };
  readonly tokens?: readonly {
    readonly address: string;
    readonly symbol: string;
    readonly decimals: number;
  }[];
}

/** Rules for development: they cover the configured chains, and sign-ins on this machine. */
export function developmentRules(
  { CHAINS, CHAINS_FILE, PUBLIC_URL }: NodeJS.ProcessEnv,
  { host, port }: { readonly host: string; readonly port: number },
  bot: DevelopmentBot | null,
): string {
  const addresses = [urlOf(host, port), urlOf('127.0.0.1', port), urlOf('localhost', port)];
  const domains = [...addresses, ...(PUBLIC_URL ? [PUBLIC_URL] : [])].map((address) => new URL(address).host);
  const chains = chainsOf(CHAINS, CHAINS_FILE);
  return JSON.stringify({
    chains: chains.flatMap(({ chainId: chain, rpcUrls: [one, other = one] = [] }) =>
      chain.startsWith('eip155:') ? [{ chain, rpcUrls: [one, other] }] : [],
    ),
    assets: chains.flatMap(assetsOf).map((asset) => ({ ...asset, ...AMOUNTS, withConsent: AMOUNTS })),
    networks: Object.fromEntries(chains.flatMap(({ chainId, name }) => (name ? [[chainId, name]] : []))),
    ...{ exportsPerHour: 20, exportDelayHours: 0 },
    consentBots: bot ? [{ environment: 'production', username: 'consent_bot', ...bot }] : [],
    // The clients of Xellar need `sign`.
    undecoded: 'sign',
    domains: [...new Set(domains)].filter((domain) => !domain.startsWith('[')),
  });
}

function assetsOf({ chainId: chain, currency, tokens = [] }: DeclaredChain): readonly object[] {
  const isTon = chain.startsWith('ton:');
  return [
    { chain, token: null, ...(currency && { name: currency.symbol }) },
    ...tokens.map(({ address: token, symbol: name, decimals }) => ({
      ...{ chain, token, name, decimals, ...(isTon && { jetton: REFERENCE_JETTON }) },
    })),
    ...(isTon ? ['collectible'] : ['token', 'collectible']).map((kind) => ({ chain, token: '*', kind })),
  ];
}

/** A configuration that cannot be read gives no chains here. The start of the API reports the error. */
function chainsOf(text = '', file = ''): readonly DeclaredChain[] {
  try {
    const { chains } = JSON.parse(text || readFileSync(file, 'utf8')) as { chains: DeclaredChain[] };
    return Array.isArray(chains) ? chains : [];
  } catch {
    return [];
  }
}
