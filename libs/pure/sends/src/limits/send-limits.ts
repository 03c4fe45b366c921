import { accepted } from '@countersign/errors';
import { membersOf, type AllowedCall } from '@countersign/wallet-acts';
import { readChainId, readEvmAddress, readTonAddress } from '@countersign/wallet-proofs';
import { addressReaderOf } from '../intents/address-reader';
import { refusedSend, type SendResult } from '../send-refusals';
import { HOUR_MS } from './spending';

/** Limits of a coin, or of a token or collection, in its smallest unit; null: no such limit. */
export interface AssetLimit {
  /** CAIP-2. */
  readonly chain: string;
  /** The contract, or the master of a jetton; null for the coin of the chain. */
  readonly token: string | null;
  readonly perAct: bigint | null;
  /** Of 24 hours that slide. */
  readonly perDay: bigint | null;
  /** Above it a send waits for a launch that names it. */
  readonly launchAbove: bigint | null;
}

/** What limits sends: of an application, or of a person for all applications. Of both the stricter one counts. */
export interface SendLimits {
  /** Null: every chain. */
  readonly chains: readonly string[] | null;
  /** Under a policy what it does not list is refused. Null: no policy. */
  readonly assets: readonly AssetLimit[] | null;
  /** Addresses as they are stored. Null: every recipient. */
  readonly recipients: readonly string[] | null;
  /** How long the first send to an address waits. */
  readonly firstSendDelayMs: number;
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
const MAX_DELAY_HOURS = 720;

/**
 * Reads the JSON of limits: `chains`, `assets` and `recipients`, each a list or null, and `firstSendDelayHours`. An asset
 * has `chain`, `token`, `perAct`, `perDay` and `launchAbove`. Amounts are decimal text; no member may be absent.
 */
export function readPersonalLimits(json: unknown): SendResult<SendLimits> {
  const names = ['chains', 'assets', 'recipients', 'firstSendDelayHours'];
  const members = membersOf(json, names);
  if (!members || members.size !== names.length) return refusedSend('send.limits_malformed');
  const chains = listOf(members.get('chains'), chainOf, (chain) => chain);
  const assets = listOf(members.get('assets'), assetOf, ({ chain, token }) => `${chain}/${String(token)}`);
  const recipients = listOf(members.get('recipients'), addressOf, (address) => address);
  const hours = members.get('firstSendDelayHours');
  if (chains === undefined) return refusedSend('send.limits_malformed', 'chains');
  if (assets === undefined) return refusedSend('send.limits_malformed', 'assets');
  if (recipients === undefined) return refusedSend('send.limits_malformed', 'recipients');
  if (typeof hours !== 'number' || !Number.isInteger(hours) || hours < 0 || hours > MAX_DELAY_HOURS) {
    return refusedSend('send.limits_malformed', 'firstSendDelayHours');
  }
  return accepted({ chains, assets, recipients, firstSendDelayMs: hours * HOUR_MS });
}

/** As `readPersonalLimits` reads it. */
export function limitsJson({ chains, assets, recipients, firstSendDelayMs }: SendLimits): LimitsJson {
  const text = (amount: bigint | null): string | null => (amount === null ? null : String(amount));
  return {
    chains,
    assets:
      assets?.map(({ chain, token, perAct, perDay, launchAbove }) => ({
        ...{ chain, token, perAct: text(perAct), perDay: text(perDay), launchAbove: text(launchAbove) },
      })) ?? null,
    recipients,
    firstSendDelayHours: firstSendDelayMs / HOUR_MS,
  };
}

/** Limits of a person as JSON, amounts as decimal text. */
export interface LimitsJson {
  readonly chains: readonly string[] | null;
  readonly assets:
    | readonly {
        readonly chain: string;
        readonly token: string | null;
        readonly perAct: string | null;
        readonly perDay: string | null;
        readonly launchAbove: string | null;
      }[]
    | null;
  readonly recipients: readonly string[] | null;
  readonly firstSendDelayHours: number;
}

/**
 * Whether limits allow anything that others did not. A session alone must not widen the limits: it may be
 * stolen.
 */
export function areWider(before: SendLimits, after: SendLimits): boolean {
  return (
    isWiderList(before.chains, after.chains) ||
    isWiderList(before.recipients, after.recipients) ||
    after.firstSendDelayMs < before.firstSendDelayMs ||
    (before.assets !== null &&
      (after.assets === null || after.assets.some((asset) => isWiderAsset(before.assets, asset))))
  );
}

function isWiderList(before: readonly string[] | null, after: readonly string[] | null): boolean {
  return before !== null && (after === null || after.some((item) => !before.includes(item)));
}

function isWiderAsset(before: readonly AssetLimit[] | null, after: AssetLimit): boolean {
  const same = (before ?? []).filter(({ chain, token }) => chain === after.chain && token === after.token);
  const names = ['perAct', 'perDay', 'launchAbove'] as const;
  return same.length === 0 || same.some((limit) => names.some((name) => isHigher(limit[name], after[name])));
}

function isHigher(before: bigint | null, after: bigint | null): boolean {
  return before !== null && (after === null || after > before);
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
  const names = ['chain', 'token', 'perAct', 'perDay', 'launchAbove'];
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
  const [perAct, perDay, launchAbove] = [amount('perAct'), amount('perDay'), amount('launchAbove')];
  if (token === undefined || perAct === undefined || perDay === undefined || launchAbove === undefined) {
    return undefined;
  }
  return { chain: chain.value.id, token, perAct, perDay, launchAbove };
}
