import { readText } from '@countersign/text';
import { readJettonCode, type JettonCode } from '@countersign/transfers';
import { coinDecimals } from '@countersign/wallet-acts';
import { readChainId, readEvmAddress, readTonAddress } from '@countersign/wallet-proofs';

/** The limits of a coin, a token or a collection. Fees, and coins attached to a transfer, count as coins. */
export interface AssetRule {
  /** The chain in CAIP-2. */
  readonly chain: string;
  /** The contract, the jetton master or the TON item; null for the chain's coin; `*` for all without their own rule. */
  readonly token: string | null;
  /** The kind of the contract: a call with another meaning there is refused. Each collectible counts as 1. */
  readonly kind: 'coin' | 'token' | 'collectible';
  /** A name such as `USDT`. With null, people see the address. */
  readonly name: string | null;
  /** With null, people see the smallest units. */
  readonly decimals: number | null;
  readonly jetton: JettonCode | null;
  /** For one wallet in a sliding window of 24 hours, in the smallest unit. */
  readonly walletPerDay: bigint;
  /** For all wallets together in a sliding window of an hour. */
  readonly allPerHour: bigint;
  readonly outstanding: Readonly<Record<'wallet' | 'all', bigint>>;
  readonly withConsent: Pick<AssetRule, 'walletPerDay' | 'allPerHour' | 'outstanding'>;
}

export const ANY_TOKEN = '*';

const NOTHING = { walletPerDay: '0', allPerHour: '0' };
const AMOUNTS = [...Object.keys(NOTHING), 'outstanding'];
const NAMES = ['chain', 'token', 'kind', 'name', 'decimals', 'jetton', ...AMOUNTS];
const AMOUNT = /^(?:0|[1-9][0-9]{0,77})$/;
const MAX_NAME_LENGTH = 40;
const MAX_DECIMALS = 36;

export function isName(value: unknown): value is string {
  const bounds = { maxGraphemes: MAX_NAME_LENGTH, maxBytes: 4 * MAX_NAME_LENGTH };
  return typeof value === 'string' && readText(value, bounds).ok;
}

/** @param problems receives a sentence per problem: the answer counts only without problems */
export function assetOf(value: unknown, where: string, problems: string[]): readonly AssetRule[] {
  const fields = objectOf(value, [...NAMES, 'withConsent'], where, problems);
  const { token, name = null } = fields;
  const read = typeof fields['chain'] === 'string' ? readChainId(fields['chain']) : null;
  const chain = read?.ok ? read.value.id : '';
  const address = token === null || token === ANY_TOKEN ? token : addressOn(chain, token);
  const kind = fields['kind'] ?? (token === null ? 'coin' : 'token');
  const isKnownKind = token === null ? kind === 'coin' : kind === 'token' || kind === 'collectible';
  const decimals = token === null ? coinDecimals(chain) : (fields['decimals'] ?? null);
  const amounts = amountsIn(fields, where, problems);
  const within = `${where}.withConsent`;
  const consented = objectOf(fields['withConsent'] ?? NOTHING, AMOUNTS, within, problems);
  const withConsent = amountsIn(consented, within, problems);
  const isJetton = chain.startsWith('ton:') && kind === 'token';
  const jetton = isJetton ? readJettonCode(fields['jetton']) : null;
  if (!chain) problems.push(`${where}.chain is no CAIP-2 id`);
  if (address === undefined)
    problems.push(`${where}.token is neither null, nor "*", nor a contract of the chain`);
  if (!isKnownKind) problems.push(`${where}.kind is neither "token" nor "collectible"`);
  if (isJetton && token === ANY_TOKEN)
    problems.push(`${where}: on TON each jetton needs an entry of its own`);
  if (isJetton !== (jetton !== null) || (!isJetton && fields['jetton'] !== undefined))
    problems.push(`${where}.jetton is the kind and code of a jetton's wallets, of jettons alone`);
  if (name !== null && !isName(name))
    problems.push(`${where}.name is no readable text of 1 to 40 characters`);
  const isOfToken = kind === 'token' || fields['decimals'] === undefined;
  if (!isOfToken || (decimals !== null && !isWhole(decimals, MAX_DECIMALS)))
    problems.push(`${where}.decimals is no whole number from 0 to ${MAX_DECIMALS}, of a token`);
  const rest = { kind, name, decimals } as Pick<AssetRule, 'kind' | 'name' | 'decimals'>;
  return address === undefined ? [] : [{ chain, token: address, ...rest, jetton, ...amounts, withConsent }];
}

function amountsIn(
  { walletPerDay, allPerHour, outstanding }: Readonly<Record<string, unknown>>,
  where: string,
  problems: string[],
): AssetRule['withConsent'] {
  const { wallet = walletPerDay, all = allPerHour } = objectOf(
    outstanding ?? {},
    ['wallet', 'all'],
    `${where}.outstanding`,
    problems,
  );
  const amounts = [walletPerDay, allPerHour, wallet, all].map(amountOf);
  if (amounts.includes(null))
    problems.push(
      `${where} needs walletPerDay and allPerHour, and takes outstanding.wallet and outstanding.all: whole numbers as text, in the smallest unit`,
    );
  const [perDay = 0n, perHour = 0n, ofWallet = 0n, ofAll = 0n] = amounts.map((amount) => amount ?? 0n);
  return { walletPerDay: perDay, allPerHour: perHour, outstanding: { wallet: ofWallet, all: ofAll } };
}

function addressOn(chain: string, token: unknown): string | undefined {
  if (typeof token !== 'string') return undefined;
  if (chain.startsWith('ton:')) {
    const read = readTonAddress(token);
    return read.ok && read.value.workchain === 0 ? read.value.raw : undefined;
  }
  const read = readEvmAddress(token);
  return read.ok ? read.value : undefined;
}

function amountOf(value: unknown): bigint | null {
  return typeof value === 'string' && AMOUNT.test(value) ? BigInt(value) : null;
}

function isWhole(value: unknown, max: number): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= max;
}

export function objectOf(
  value: unknown,
  names: readonly string[] | null,
  where: string,
  problems: string[],
): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    problems.push(`${where} is no JSON object`);
    return {};
  }
  const unknown = Object.keys(value).filter((name) => names?.includes(name) === false);
  if (unknown.length > 0) problems.push(`${where} has members that are not known: ${unknown.join(', ')}`);
  return value as Readonly<Record<string, unknown>>;
}
