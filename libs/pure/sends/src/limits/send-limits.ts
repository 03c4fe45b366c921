import { membersOf, type AllowedCall } from '@countersign/wallet-acts';
import { readChainId, readEvmAddress, readTonAddress } from '@countersign/wallet-proofs';
import { addressReaderOf } from '../intents/address-reader';

/** Limits of a coin, or of a token or collection, in its smallest unit; null: no such limit. */
export interface AssetLimit {
  /** CAIP-2. */
  readonly chain: string;
  /** The contract, or the master of a jetton; null for the coin of the chain. */
  readonly token: string | null;
  readonly perAct: bigint | null;
  /** Of a wallet in 24 hours that slide. */
  readonly perDay: bigint | null;
}

/** What limits the sends of an application. */
export interface SendLimits {
  /** Null: every chain. */
  readonly chains: readonly string[] | null;
  /** Under a policy what it does not list is refused. Null: no policy. */
  readonly assets: readonly AssetLimit[] | null;
  /** Addresses as they are stored. Null: every recipient. */
  readonly recipients: readonly string[] | null;
}

export interface ApplicationSendLimits extends SendLimits {
  /** Contracts and methods that sends of the kind `call` may use: no others, also where they are decoded. */
  readonly calls: readonly AllowedCall[];
  /** Tokens that the operator lists for the chain of the send. */
  readonly tokens: readonly string[];
}

/** What all wallets together may send of an asset in an hour that slides. */
export interface BrakeLimit {
  readonly chain: string;
  readonly token: string | null;
  readonly perHour: bigint;
}

const MAX_ENTRIES = 100;

/**
 * Reads the JSON of limits: `chains`, `assets` and `recipients`, each a list or null. An asset has `chain`, `token`, `perAct` and
 * `perDay`. Amounts are decimal text; no member may be absent.
 * @returns null for what is not well-formed
 */
export function readSendLimits(json: unknown): SendLimits | null {
  const names = ['chains', 'assets', 'recipients'];
  const members = membersOf(json, names);
  if (!members || members.size !== names.length) return null;
  const chains = listOf(members.get('chains'), chainOf, (chain) => chain);
  const assets = listOf(members.get('assets'), assetOf, ({ chain, token }) => `${chain}/${String(token)}`);
  const recipients = listOf(members.get('recipients'), addressOf, (address) => address);
  if (chains === undefined || assets === undefined || recipients === undefined) return null;
  return { chains, assets, recipients };
}

/** Limits as JSON, amounts as decimal text. */
export interface SendLimitsJson {
  readonly chains: readonly string[] | null;
  readonly assets:
    | readonly {
        readonly chain: string;
        readonly token: string | null;
        readonly perAct: string | null;
        readonly perDay: string | null;
      }[]
    | null;
  readonly recipients: readonly string[] | null;
}

/** Undefined for what is no list, is too long, or names something twice. */
function listOf<T>(
  value: unknown,
  itemOf: (item: unknown) => T | undefined,
  nameOf: (item: T) => string,
): readonly T[] | null | undefined {
  if (value === null) return null;
  if (!Array.isArray(value) || value.length > MAX_ENTRIES) return undefined;
  const items = value.map(itemOf).filter((item) => item !== undefined);
  return new Set(items.map(nameOf)).size === value.length ? items : undefined;
}

function chainOf(value: unknown): string | undefined {
  const chain = typeof value === 'string' ? readChainId(value) : null;
  return chain?.ok ? chain.value.id : undefined;
}

function addressOf(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const [evm, ton] = [readEvmAddress(value), readTonAddress(value)];
  return evm.ok ? evm.value : ton.ok ? ton.value.raw : undefined;
}

function assetOf(value: unknown): AssetLimit | undefined {
  const names = ['chain', 'token', 'perAct', 'perDay'];
  const members = membersOf(value, names);
  const text = members?.get('chain');
  const chain = typeof text === 'string' ? readChainId(text) : null;
  if (!members || members.size !== names.length || !chain?.ok) return undefined;
  const reader = addressReaderOf(chain.value);
  const amount = (name: string): bigint | null | undefined => {
    const given = members.get(name);
    return given === null ? null : (reader.amountOf(given) ?? undefined);
  };
  const token = members.get('token') === null ? null : (reader.addressOf(members.get('token')) ?? undefined);
  const [perAct, perDay] = [amount('perAct'), amount('perDay')];
  if (token === undefined || perAct === undefined || perDay === undefined) return undefined;
  return { chain: chain.value.id, token, perAct, perDay };
}
