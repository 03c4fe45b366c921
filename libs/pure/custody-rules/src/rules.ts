import type { KeyObject } from 'node:crypto';
import { environments, type ChainToRead, type Environment } from '@countersign/custody-protocol';
import { publicKeyFromHex } from '@countersign/proofs';
import { readJsonObject } from '@countersign/text';
import type { AllowedCall } from '@countersign/wallet-acts';
import { readChainId } from '@countersign/wallet-proofs';
import { ANY_TOKEN, assetOf, isName, objectOf, type AssetRule } from './asset-rule';

/** A bot of the operator. No API has its token, so acts of people in its Mini App are their consent. */
export interface ConsentBot {
  readonly environment: Environment;
  readonly id: string;
  readonly username: string;
  /** The key of a fake Telegram in development; null for Telegram's key. */
  readonly publicKey: KeyObject | null;
}

type ChainRule = Omit<ChainToRead, 'accounts'>;

export interface Rules {
  /** The two nodes of each EVM chain. On other EVM chains nothing is signed that moves a coin or token. */
  readonly chains: readonly ChainRule[];
  /** Nothing is signed that moves an asset without a rule. */
  readonly assets: readonly AssetRule[];
  /** The names of networks for people, by chain in CAIP-2. */
  readonly networks: Readonly<Record<string, string>>;
  /** The sites that messages may sign in to, and that `ton_proof` may be for. */
  readonly domains: readonly string[];
  /** The calls that are signed with consent although custody does not decode them. */
  readonly calls: readonly AllowedCall[];
  /** `sign` signs everything that is not decoded, and no amount counts it. */
  readonly undecoded: 'refuse' | 'sign';
  readonly exportsPerHour: number;
  /** The time between the consent to an export and the display of the words. */
  readonly exportDelayHours: number;
  readonly destructionsPerHour: number;
  readonly consentBots: readonly ConsentBot[];
}

/** Without a file, messages are signed, but no transactions, and no words are shown. */
export const NO_RULES: Rules = {
  ...{ chains: [], assets: [], networks: {}, domains: [], calls: [], undecoded: 'refuse' },
  ...{ exportsPerHour: 0, exportDelayHours: 24, destructionsPerHour: 100, consentBots: [] },
};

const DOMAIN = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?(?::[0-9]{1,5})?$/;
const CALL = /^(eip155:[0-9]{1,10})\/(0x[0-9a-f]{40})\/(0x[0-9a-f]{8}|[A-Za-z_][A-Za-z0-9_]{0,99})$/;
const MAX_PER_HOUR = 1_000_000;
const MAX_DELAY_HOURS = 720;
const BOT_ID = /^[1-9][0-9]{0,15}$/;
const USERNAME = /^[A-Za-z][A-Za-z0-9_]{3,31}$/;
const PUBLIC_KEY = /^[0-9a-f]{64}$/;

/**
 * Reads a JSON object with members of `Rules`, all optional. Amounts are decimal text, calls are `<CAIP-2>/<contract in
 * lower case>/<selector or primary type>`. @param isDevelopment allows `"undecoded": "sign"`, and one node instead of
 * two
 * @throws Error in sentences, with all problems at once
 */
export function readRules(text: string, isDevelopment = false): Rules {
  const problems: string[] = [];
  const json = objectOf(readJsonObject(text), Object.keys(NO_RULES), 'the file', problems);
  const list = (name: string): readonly unknown[] => {
    const value = json[name] ?? [];
    if (Array.isArray(value)) return value;
    problems.push(`${name} is no list`);
    return [];
  };
  const texts = (name: string, form: RegExp): readonly string[] =>
    list(name).flatMap((value, index) => {
      if (typeof value === 'string' && form.test(value)) return [value];
      problems.push(`${name}[${index}] has not the form that the documents name`);
      return [];
    });
  const number = (name: 'exportsPerHour' | 'destructionsPerHour' | 'exportDelayHours'): number => {
    const value = json[name] ?? NO_RULES[name];
    const max = name === 'exportDelayHours' ? MAX_DELAY_HOURS : MAX_PER_HOUR;
    if (Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= max) return Number(value);
    problems.push(`${name} is no whole number from 0 to ${max}`);
    return 0;
  };
  const undecoded = json['undecoded'] ?? NO_RULES.undecoded;
  if (undecoded !== 'refuse' && undecoded !== 'sign') problems.push('undecoded is neither refuse nor sign');
  if (undecoded === 'sign' && !isDevelopment)
    problems.push('"undecoded": "sign" needs --development, which `npm start` passes');
  const assets = list('assets').flatMap((value, index) => assetOf(value, `assets[${index}]`, problems));
  const keys = assets.map(({ chain, token, kind }) => `${chain}/${token}${token === ANY_TOKEN ? kind : ''}`);
  if (new Set(keys).size < keys.length) problems.push('assets has a coin or token twice');
  const chains = list('chains').flatMap((value, index) =>
    chainOf(value, `chains[${index}]`, problems, isDevelopment),
  );
  if (new Set(chains.map(({ chain }) => chain)).size < chains.length)
    problems.push('chains has a chain twice');
  const rules = {
    chains,
    assets,
    networks: networksIn(json['networks'] ?? {}, problems),
    domains: texts('domains', DOMAIN),
    calls: texts('calls', CALL).map((call) => {
      const [, chain = '', contract = '', method = ''] = CALL.exec(call) ?? [];
      return { chain, contract, method };
    }),
    undecoded: undecoded === 'sign' ? 'sign' : 'refuse',
    exportsPerHour: number('exportsPerHour'),
    exportDelayHours: number('exportDelayHours'),
    destructionsPerHour: number('destructionsPerHour'),
    consentBots: list('consentBots').flatMap((value, index) =>
      botOf(value, `consentBots[${index}]`, problems),
    ),
  } as const;
  if (new Set(rules.consentBots.map(({ environment }) => environment)).size < rules.consentBots.length)
    problems.push('consentBots has two bots of one environment');
  if (problems.length > 0) throw new Error(`the rules of custody are refused: ${problems.join('; ')}`);
  return rules;
}

function networksIn(value: unknown, problems: string[]): Rules['networks'] {
  const entries = Object.entries(objectOf(value, null, 'networks', problems));
  return Object.fromEntries(
    entries.flatMap(([id, name]) => {
      const chain = readChainId(id);
      if (chain.ok && isName(name)) return [[chain.value.id, name]];
      problems.push(`networks.${id} is no CAIP-2 id with a name`);
      return [];
    }),
  );
}

function chainOf(
  value: unknown,
  where: string,
  problems: string[],
  isDevelopment: boolean,
): readonly ChainRule[] {
  const { chain, rpcUrls } = objectOf(value, ['chain', 'rpcUrls'], where, problems);
  const urls = Array.isArray(rpcUrls) ? rpcUrls.filter((url) => URL.canParse(String(url))).map(String) : [];
  const hosts = new Set(urls.map((url) => new URL(url).host));
  const read = readChainId(String(chain));
  const isEvm = read.ok && read.value.id.startsWith('eip155:');
  if (isEvm && urls.length === 2 && (isDevelopment || hosts.size === 2))
    return [{ chain: read.value.id, rpcUrls: urls }];
  problems.push(`${where} needs an EVM chain, and rpcUrls of two nodes on different hosts`);
  return [];
}

function botOf(value: unknown, where: string, problems: string[]): readonly ConsentBot[] {
  const fields = objectOf(value, ['environment', 'id', 'username', 'publicKey'], where, problems);
  const { id, username, publicKey = null } = fields;
  const environment = environments.find((known) => known === fields['environment']);
  const isText = (text: unknown, form: RegExp): text is string => typeof text === 'string' && form.test(text);
  const key = publicKey === null ? null : isText(publicKey, PUBLIC_KEY) ? publicKey : undefined;
  if (environment && isText(id, BOT_ID) && isText(username, USERNAME) && key !== undefined)
    return [{ environment, id, username, publicKey: key === null ? null : publicKeyFromHex(key) }];
  problems.push(`${where} needs environment (${environments.join(', ')}), id and username, each as text`);
  return [];
}

function hostsOf({ chain, rpcUrls }: ChainRule): string {
  return `${chain} (${rpcUrls.map((url) => new URL(url).host).join(' and ')})`;
}

/** One English sentence for each thing that the rules allow. */
export function rulesInWords(rules: Rules): readonly string[] {
  const { chains, assets, domains, calls, consentBots } = rules;
  return [
    ...(assets.length === 0 ? ['Nothing that moves a coin or token is signed.'] : []),
    ...assets.map(({ chain, token, kind, name, withConsent, ...amounts }) => {
      const others = token === ANY_TOKEN ? `All other ${kind}s` : `The ${kind} ${token}`;
      const what = token === null ? 'The coin' : others;
      const words = ({ walletPerDay, allPerHour, outstanding }: typeof withConsent): string =>
        `${walletPerDay} of a wallet in 24 hours, ${allPerHour} of all in an hour, ${outstanding.wallet} of a wallet and ${outstanding.all} of all that can still move`;
      return `${what}${name === null ? '' : `, ${name},`} of ${chain}: without consent ${words(amounts)}; with it ${words(withConsent)}.`;
    }),
    `Nodes name the nonces of ${chains.map(hostsOf).join(', ') || 'no EVM chain'}. On other EVM chains nothing is signed that moves a coin or token.`,
    ...(consentBots.length === 0 ? ['Nobody can consent: the file names no consent bot.'] : []),
    ...consentBots.map(
      ({ environment, id, username, publicKey }) =>
        `People of ${environment} consent at @${username} (${id})${publicKey === null ? '' : ', by a key that is not Telegram’s: for development'}.`,
    ),
    domains.length === 0 ? 'No message signs in anywhere.' : `Messages sign in at ${domains.join(', ')}.`,
    ...calls.map(
      ({ chain, contract, method }) =>
        `Signed with consent, without being decoded: ${method} of ${contract} on ${chain}.`,
    ),
    ...(rules.undecoded === 'sign'
      ? [
          'Everything that custody cannot decode is signed, and no amount limits it: who takes over the API can take all wallets.',
        ]
      : []),
    `In an hour the words of ${rules.exportsPerHour} wallets are shown, ${rules.exportDelayHours} hours after the consent, and ${rules.destructionsPerHour} wallets destroyed.`,
    'One person takes at most half of what all take in an hour.',
  ];
}
