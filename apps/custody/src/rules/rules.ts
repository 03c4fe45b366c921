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
}

/** What the operator lets custody do. */
export interface Rules {
  /** Of an asset without a rule nothing is signed away. */
  readonly assets: readonly AssetRule[];
  /** Sites that messages may sign in to, and that `ton_proof` and `signData` may be for. */
  readonly domains: readonly string[];
  /** What is signed although it is not decoded. */
  readonly calls: readonly AllowedCall[];
  /** `sign`: all that is not decoded is signed. No amount counts it. */
  readonly undecoded: 'refuse' | 'sign';
  readonly exportsPerHour: number;
  readonly destructionsPerHour: number;
}

/** Without a file: messages are signed, nothing that moves money, and no words are shown. */
export const NO_RULES: Rules = {
  ...{ assets: [], domains: [], calls: [], undecoded: 'refuse' },
  ...{ exportsPerHour: 0, destructionsPerHour: 100 },
};

export const ANY_TOKEN = '*';

const AMOUNT = /^(?:0|[1-9][0-9]{0,77})$/;
const DOMAIN = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?(?::[0-9]{1,5})?$/;
const CALL = /^(eip155:[0-9]{1,10})\/(0x[0-9a-f]{40})\/(0x[0-9a-f]{8}|[A-Za-z_][A-Za-z0-9_]{0,99})$/;
const MAX_PER_HOUR = 1_000_000;

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
  const perHour = (name: 'exportsPerHour' | 'destructionsPerHour'): number => {
    const value = json[name] ?? NO_RULES[name];
    if (Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= MAX_PER_HOUR)
      return Number(value);
    problems.push(`${name} is no whole number from 0 to ${MAX_PER_HOUR}`);
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
    exportsPerHour: perHour('exportsPerHour'),
    destructionsPerHour: perHour('destructionsPerHour'),
  } as const;
  if (problems.length > 0) throw new Error(`the rules of custody are refused: ${problems.join('; ')}`);
  return rules;
}

function assetOf(value: unknown, where: string, problems: string[]): readonly AssetRule[] {
  const names = ['chain', 'token', 'walletPerDay', 'allPerHour'];
  const fields = objectOf(value, names, where, problems);
  const { chain, token, walletPerDay, allPerHour } = fields;
  const read = typeof chain === 'string' ? readChainId(chain) : null;
  const [perDay, perHour] = [amountOf(walletPerDay), amountOf(allPerHour)];
  const address =
    token === null || token === ANY_TOKEN ? token : read?.ok ? addressOn(read.value.id, token) : undefined;
  if (!read?.ok) problems.push(`${where}.chain is no CAIP-2 id`);
  if (address === undefined)
    problems.push(`${where}.token is neither null, nor "*", nor a contract of the chain`);
  if (perDay === null || perHour === null)
    problems.push(`${where} needs walletPerDay and allPerHour: whole numbers as text, in the smallest unit`);
  return read?.ok && address !== undefined && perDay !== null && perHour !== null
    ? [{ chain: read.value.id, token: address, walletPerDay: perDay, allPerHour: perHour }]
    : [];
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
  const { assets, domains, calls, undecoded, exportsPerHour, destructionsPerHour } = rules;
  return [
    ...(assets.length === 0 ? ['Nothing that moves a coin or token is signed.'] : []),
    ...assets.map(({ chain, token, walletPerDay, allPerHour }) => {
      const what =
        token === null ? 'The coin' : token === ANY_TOKEN ? 'All other tokens' : `The token ${token}`;
      return `${what} of ${chain}: ${walletPerDay} of a wallet in 24 hours, ${allPerHour} of all in an hour.`;
    }),
    domains.length === 0 ? 'No message signs in anywhere.' : `Messages sign in at ${domains.join(', ')}.`,
    ...calls.map(
      ({ chain, contract, method }) => `Signed without being decoded: ${method} of ${contract} on ${chain}.`,
    ),
    ...(undecoded === 'sign'
      ? [
          'Everything that custody cannot decode is signed, and no amount limits it: who takes over the API can take all wallets.',
        ]
      : []),
    `In an hour the words of ${exportsPerHour} wallets are shown, with all that they hold, and ${destructionsPerHour} wallets destroyed.`,
  ];
}
