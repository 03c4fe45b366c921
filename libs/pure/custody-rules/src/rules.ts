import { environments, type Environment } from '@countersign/custody-protocol';
import type { AllowedCall } from '@countersign/wallet-acts';
import { readChainId, readEvmAddress, readTonAddress } from '@countersign/wallet-proofs';

/** How much of a coin, or of a token or collection, is signed away. Fees, and coins that go along, are coins. */
export interface AssetRule {
  /** CAIP-2. */
  readonly chain: string;
  /** The contract, or the master of a jetton; null: the coin of the chain; `*`: all tokens and collections without a rule of their own. */
  readonly token: string | null;
  /** Of one wallet in 24 hours that slide, in the smallest unit. */
  readonly walletPerDay: bigint;
  /** Of all wallets together in an hour that slides. */
  readonly allPerHour: bigint;
  /** The same of what persons consented to, which counts apart. */
  readonly withConsent: Pick<AssetRule, 'walletPerDay' | 'allPerHour'>;
}

/** A bot of the operator whose token no API has: what people do in its Mini App they consent to. */
export interface ConsentBot {
  readonly environment: Environment;
  /** Its number at Telegram. */
  readonly id: string;
  readonly username: string;
  /** In development that of a fake Telegram, 64 hex digits; null: Telegram's. */
  readonly publicKey: string | null;
}

export interface Rules {
  /** Of an asset without a rule nothing is signed away. */
  readonly assets: readonly AssetRule[];
  /** Sites that messages may sign in to, and that `ton_proof` may be for. */
  readonly domains: readonly string[];
  /** What is signed although it is not decoded. */
  readonly calls: readonly AllowedCall[];
  /** `sign`: all that is not decoded is signed. No amount counts it. */
  readonly undecoded: 'refuse' | 'sign';
  readonly exportsPerHour: number;
  /** Between the consent to an export and the words. */
  readonly exportDelayHours: number;
  readonly destructionsPerHour: number;
  /** At most one of each environment. */
  readonly consentBots: readonly ConsentBot[];
}

/** Without a file: messages are signed, nothing that moves money, and no words are shown. */
export const NO_RULES: Rules = {
  ...{ assets: [], domains: [], calls: [], undecoded: 'refuse' },
  ...{ exportsPerHour: 0, exportDelayHours: 24, destructionsPerHour: 100, consentBots: [] },
};

export const ANY_TOKEN = '*';

const NOTHING = { walletPerDay: '0', allPerHour: '0' };
const AMOUNT = /^(?:0|[1-9][0-9]{0,77})$/;
const DOMAIN = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?(?::[0-9]{1,5})?$/;
const CALL = /^(eip155:[0-9]{1,10})\/(0x[0-9a-f]{40})\/(0x[0-9a-f]{8}|[A-Za-z_][A-Za-z0-9_]{0,99})$/;
const MAX_PER_HOUR = 1_000_000;
/** Consents are deleted after forty days. */
const MAX_DELAY_HOURS = 720;
const BOT_ID = /^[1-9][0-9]{0,15}$/;
const USERNAME = /^[A-Za-z][A-Za-z0-9_]{3,31}$/;
const PUBLIC_KEY = /^[0-9a-f]{64}$/;

/**
 * Reads the file of rules: a JSON object whose members are those of `Rules`, each of which may be absent. Amounts are decimal text, calls
 * are `<CAIP-2>/<contract in lower case>/<selector or primary type>`.
 * @throws Error in sentences, with all problems at once
 */
export function readRules(text: string): Rules {
  const problems: string[] = [];
  const json = objectOf(parsed(text), Object.keys(NO_RULES), 'the file', problems);
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
  const assets = list('assets').flatMap((value, index) => assetOf(value, `assets[${index}]`, problems));
  const keys = assets.map(({ chain, token }) => `${chain}/${token}`);
  if (new Set(keys).size < keys.length) problems.push('assets has a coin or token twice');
  const rules = {
    assets,
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

function assetOf(value: unknown, where: string, problems: string[]): readonly AssetRule[] {
  const names = ['chain', 'token', 'walletPerDay', 'allPerHour', 'withConsent'];
  const fields = objectOf(value, names, where, problems);
  const { chain, token } = fields;
  const read = typeof chain === 'string' ? readChainId(chain) : null;
  const amounts = amountsIn(fields, where, problems);
  const withConsent = amountsIn(
    objectOf(fields['withConsent'] ?? NOTHING, Object.keys(NOTHING), `${where}.withConsent`, problems),
    `${where}.withConsent`,
    problems,
  );
  const address =
    token === null || token === ANY_TOKEN ? token : read?.ok ? addressOn(read.value.id, token) : undefined;
  if (!read?.ok) problems.push(`${where}.chain is no CAIP-2 id`);
  if (address === undefined)
    problems.push(`${where}.token is neither null, nor "*", nor a contract of the chain`);
  return read?.ok && address !== undefined
    ? [{ chain: read.value.id, token: address, ...amounts, withConsent }]
    : [];
}

function amountsIn(
  { walletPerDay, allPerHour }: Readonly<Record<string, unknown>>,
  where: string,
  problems: string[],
): AssetRule['withConsent'] {
  const [perDay, perHour] = [amountOf(walletPerDay), amountOf(allPerHour)];
  if (perDay === null || perHour === null)
    problems.push(`${where} needs walletPerDay and allPerHour: whole numbers as text, in the smallest unit`);
  return { walletPerDay: perDay ?? 0n, allPerHour: perHour ?? 0n };
}

function botOf(value: unknown, where: string, problems: string[]): readonly ConsentBot[] {
  const fields = objectOf(value, ['environment', 'id', 'username', 'publicKey'], where, problems);
  const { id, username, publicKey = null } = fields;
  const environment = environments.find((known) => known === fields['environment']);
  const isText = (text: unknown, form: RegExp): text is string => typeof text === 'string' && form.test(text);
  const key = publicKey === null ? null : isText(publicKey, PUBLIC_KEY) ? publicKey : undefined;
  if (environment && isText(id, BOT_ID) && isText(username, USERNAME) && key !== undefined)
    return [{ environment, id, username, publicKey: key }];
  problems.push(`${where} needs environment (${environments.join(', ')}), id and username, each as text`);
  return [];
}

/** As decoded acts have it; undefined for what is none. */
function addressOn(chain: string, token: unknown): string | undefined {
  if (typeof token !== 'string') return undefined;
  if (chain.startsWith('ton:')) {
    const read = readTonAddress(token);
    return read.ok ? read.value.raw : undefined;
  }
  const read = readEvmAddress(token);
  return read.ok ? read.value : undefined;
}

function amountOf(value: unknown): bigint | null {
  return typeof value === 'string' && AMOUNT.test(value) ? BigInt(value) : null;
}

function objectOf(
  value: unknown,
  names: readonly string[],
  where: string,
  problems: string[],
): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    problems.push(`${where} is no JSON object`);
    return {};
  }
  const unknown = Object.keys(value).filter((name) => !names.includes(name));
  if (unknown.length > 0) problems.push(`${where} has members that are not known: ${unknown.join(', ')}`);
  return value as Readonly<Record<string, unknown>>;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

/** What the rules allow, a sentence each, for who checks them. */
export function rulesInWords(rules: Rules): readonly string[] {
  const { assets, domains, calls, consentBots } = rules;
  return [
    ...(assets.length === 0 ? ['Nothing that moves a coin or token is signed.'] : []),
    ...assets.map(({ chain, token, withConsent, ...amounts }) => {
      const what =
        token === null ? 'The coin' : token === ANY_TOKEN ? 'All other tokens' : `The token ${token}`;
      const words = ({ walletPerDay, allPerHour }: typeof withConsent): string =>
        `${walletPerDay} of a wallet in 24 hours, ${allPerHour} of all in an hour`;
      return `${what} of ${chain}: without consent ${words(amounts)}; with it ${words(withConsent)}.`;
    }),
    ...(consentBots.length === 0 ? ['Nobody can consent: the file names no consent bot.'] : []),
    ...consentBots.map(
      ({ environment, id, username, publicKey }) =>
        `People of ${environment} consent at @${username} (${id})${publicKey === null ? '' : ', by a key that is not Telegram’s: for development'}.`,
    ),
    domains.length === 0 ? 'No message signs in anywhere.' : `Messages sign in at ${domains.join(', ')}.`,
    ...calls.map(
      ({ chain, contract, method }) => `Signed without being decoded: ${method} of ${contract} on ${chain}.`,
    ),
    ...(rules.undecoded === 'sign'
      ? [
          'Everything that custody cannot decode is signed, and no amount limits it: who takes over the API can take all wallets.',
        ]
      : []),
    `In an hour the words of ${rules.exportsPerHour} wallets are shown, ${rules.exportDelayHours} hours after the consent, and ${rules.destructionsPerHour} wallets destroyed.`,
  ];
}
