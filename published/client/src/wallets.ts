import type { Schemas } from './api.js';

export { connectWallet, type PageWallet } from './wallets/connect-wallet.js';
export { askForConsent, untilAccepted, type OpenLink, type WalletAct } from './embedded/consents.js';
export {
  createEmbeddedWallet,
  walletSigner,
  type ActDetails,
  type ChainId,
  type Confirm,
  type Spend,
  type TonSignature,
  type WalletSigner,
} from './embedded/embedded-wallets.js';
export {
  estimateSend,
  followSend,
  replaceSend,
  sendFromWallet,
  type FollowOptions,
  type Send,
  type SendChainId,
  type SendRequest,
} from './embedded/sends.js';

type Balance = Pick<Schemas['BalanceResponse'], 'amount' | 'amountReason' | 'verification'>;
type Transaction = Pick<Schemas['TransactionResponse'], 'status' | 'isFinal' | 'verification'>;
type Chain = Pick<Schemas['ChainReadingResponse'], 'asOfBlock' | 'staleSince'>;
type AmountReason = NonNullable<Balance['amountReason']>;

/** How reliable an amount or a transaction is. Hand something over only for `final`. */
export type Evidence = 'final' | 'pending' | 'unverified' | AmountReason;

/** English sentences for people. Translate them by the key. */
export const plainWords: Readonly<
  Record<Evidence | 'stale' | 'failed' | 'incomplete' | Schemas['NotFollowedResponse']['reason'], string>
> = {
  final: 'Confirmed, and final.',
  pending: 'Not final yet: it may still change.',
  unverified: 'Not confirmed: only one source says so.',
  failed: 'It failed: nothing else was moved, but a fee may be due.',
  not_asked: 'Not known: no source was asked.',
  away: 'Not known: too few sources answer.',
  differ: 'Not known: the sources contradict each other.',
  state_unknown: 'Not known: the account is frozen, or its contract gives no amount.',
  stale: 'This may be out of date: the chain cannot be read at the moment.',
  incomplete: 'Something may be missing from this list.',
  not_configured: 'Nothing is known: the service asks no source about this chain.',
  not_followed: 'Nothing is known: the service does not read wallets of this chain.',
};

export function evidenceOf(item: Balance | Transaction): Evidence {
  if ('amount' in item && item.amount === null) return item.amountReason ?? 'not_asked';
  if (item.verification !== 'agreed') return 'unverified';
  return 'status' in item && !item.isFinal ? 'pending' : 'final';
}

/** Whether a chain's balances and history may be out of date. If so, show `plainWords.stale` above them. */
export function isStale({ asOfBlock, staleSince }: Chain): boolean {
  return asOfBlock === null || staleSince !== null;
}

/**
 * Formats base units for people: `2500000` with six decimals is `2.5`. It is exact for any size.
 * @param decimals of the listed asset; `null`, if they are unknown, leaves the base units
 */
export function formatAmount(amount: string, decimals: number | null): string {
  const [, sign = '', digits] = /^(-?)(\d+)$/.exec(amount) ?? [];
  if (digits === undefined || decimals === null || decimals === 0) return amount;
  const padded = digits.padStart(decimals + 1, '0');
  const fraction = padded.slice(-decimals).replace(/0+$/, '');
  return `${sign}${padded.slice(0, -decimals)}${fraction && `.${fraction}`}`;
}

/**
 * Reads a typed amount in base units: `2.5` with six decimals is `2500000`. It is exact for any size.
 * @returns `null` if it is not an amount of this coin: a comma, an exponent, or too many digits
 */
export function readAmount(text: string, decimals: number): string | null {
  const [, whole, fraction = ''] = /^\s*(\d+)(?:\.(\d+))?\s*$/.exec(text) ?? [];
  if (whole === undefined || fraction.length > decimals) return null;
  return (whole + fraction.padEnd(decimals, '0')).replace(/^0+(?=\d)/, '');
}
