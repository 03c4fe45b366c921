import { foldConfusables, foldLookAlikes } from '@countersign/text';
import type { Counterparties } from './counterparties';
import type { Address } from '../hex';
import type { Transfer } from './transfer';

/** Why a transfer is hidden unless asked for, by code, with a sentence for people. */
export const spamRules = {
  zero_value_not_own: 'A transfer of nothing that the wallet did not send',
  counterfeit_symbol: 'An unlisted token with the symbol of a listed one',
  look_alike_counterparty: 'The other address looks like one that the wallet dealt with',
  dust_from_look_alike: 'A tiny amount from an address that looks like one that the wallet dealt with',
  advertising_name: 'The name of the token is an advertisement',
  mass_airdrop: 'The transaction gave an unlisted token to more than 50 addresses',
} as const;

export type SpamReason = keyof typeof spamRules;

/** What a contract says of itself, as `decodeText` answers it. */
interface TokenNames {
  readonly symbol: string | null;
  readonly name: string | null;
}

export interface SpamContext {
  readonly wallet: Address;
  /** The tokens that the deployment lists for the chain. */
  readonly listed: ReadonlySet<Address>;
  /** Symbols of the listed tokens and of the native coin, folded. @see foldSymbol */
  readonly listedSymbols: ReadonlySet<string>;
  /** Of the token of the transfer; null where not known, and for the native coin. */
  readonly names: TokenNames | null;
  readonly counterparties: Counterparties;
  /** Base units; an amount below it is tiny. */
  readonly dustLimit: bigint;
}

const MAX_RECIPIENTS = 50;

const URL = /\bhttps?:|\bwww\.|\bt\.me\b|[\p{L}\p{N}-][.。][\p{L}-]{2,}(?:[/\s:?#)\]]|$)/iu;
const INVITATION = /\b(?:claim|visit|airdrop|giveaway|voucher)/iu;

/** Equal for symbols that look alike. */
export function foldSymbol(symbol: string): string {
  return foldLookAlikes(foldConfusables(symbol).replaceAll(/[^\p{L}\p{N}]/gu, ''));
}

/** All rules that the transfer fails; none for a transfer that is shown. */
export function spamReasonsOf(transfer: Transfer, context: SpamContext): readonly SpamReason[] {
  const { from, to, amount, asset } = transfer;
  const isOwn = isOwnDoing(transfer, context.wallet);
  const counterparty = from === context.wallet ? to : from;
  const isAlike = !isOwn && counterparty !== null && context.counterparties.isLookAlike(counterparty);
  const isDust = isAlike && to === context.wallet && amount < context.dustLimit;
  const isUnlisted = asset.standard !== 'native' && !context.listed.has(asset.contract);
  const { symbol, name } = (isUnlisted ? context.names : null) ?? { symbol: null, name: null };

  const broken: Record<SpamReason, boolean> = {
    zero_value_not_own: amount === 0n && !isOwn,
    counterfeit_symbol: context.listedSymbols.has(foldSymbol(symbol ?? '')),
    look_alike_counterparty: isAlike && !isDust,
    dust_from_look_alike: isDust,
    advertising_name: [symbol ?? '', name ?? ''].some(isAdvertisement),
    mass_airdrop: isUnlisted && !isOwn && transfer.recipients > MAX_RECIPIENTS,
  };
  return spamReasons.filter((reason) => broken[reason]);
}

/** Whether the wallet sent the transaction. A log alone proves nothing, since any contract may name any sender. */
function isOwnDoing({ transaction }: Transfer, wallet: Address): boolean {
  return transaction?.from === wallet;
}

const spamReasons = Object.keys(spamRules) as SpamReason[];

function isAdvertisement(text: string): boolean {
  const folded = foldConfusables(text);
  return URL.test(folded) || INVITATION.test(folded);
}
