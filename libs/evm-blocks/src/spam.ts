import type { Counterparties } from './counterparties';
import type { Address } from './hex';
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

/** What a contract says of itself, as decoded. */
export interface TokenNames {
  readonly symbol: string | null;
  readonly name: string | null;
}

export interface SpamContext {
  readonly wallet: Address;
  /** The tokens that the deployment lists for the chain. */
  readonly listed: ReadonlySet<Address>;
  /** Symbols of the listed tokens and of the native coin. */
  readonly listedSymbols: Iterable<string>;
  /** Of the token of the transfer; null where not known, and for the native coin. */
  readonly names: TokenNames | null;
  readonly counterparties: Counterparties;
  /** Base units; below it an amount is tiny. */
  readonly dustLimit: bigint;
}

/** All rules that the transfer fails; none for a transfer that is shown. */
export function spamReasonsOf(transfer: Transfer, context: SpamContext): readonly SpamReason[] {
  throw new Error(String([transfer, context]));
}

/** Whether the wallet did it: it sent the transaction, or a contract that it allowed to spend did. */
export function isOwnDoing(
  transfer: Transfer,
  wallet: Address,
  knownSpenders: ReadonlySet<Address> = new Set(),
): boolean {
  throw new Error(String([transfer, wallet, knownSpenders]));
}
