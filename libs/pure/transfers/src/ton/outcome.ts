import type { Cell } from '@ton/core';
import { loadRaw } from './addresses';
import { normalizedHash } from './external-message';
import { OP_BITS, OPS, QUERY_ID_BITS, sendOf, type JettonSend, type TonMessage } from './messages';

/** The fields of a transaction's message that are read. Addresses are raw. */
export interface ChainMessage {
  /** Lower-case hex. The hash is the same for sender and receiver. */
  readonly hash: string;
  /** Null outside of the chain. */
  readonly from: string | null;
  readonly to: string | null;
  readonly isBounced: boolean;
  /** Null if it is too large. */
  readonly body: Cell | null;
}

export interface ChainTransaction {
  readonly account: string;
  /** Lower-case hex. */
  readonly hash: string;
  /** Whether the contract ran, and did what was asked. */
  readonly isSuccessful: boolean;
  readonly in: ChainMessage | null;
  readonly out: readonly ChainMessage[];
}

export interface SentMessage {
  readonly wallet: string;
  /** The normalised hash of the transfer. */
  readonly hash: string;
  readonly message: TonMessage;
}

/**
 * - `delivered`: the receiver has it
 * - `bounced`: it went, and came back
 * - `failed`: the wallet or a contract on the way did not do it, and it did not come back by a bounce
 * - `unknown`: not all transactions are final yet, or a contract does not follow TEP-74
 */
export const tonOutcomes = ['delivered', 'bounced', 'failed', 'unknown'] as const;
export type TonOutcome = (typeof tonOutcomes)[number];

type TonProgress = { readonly outcome: TonOutcome } | { readonly awaited: string };

type Transactions = readonly ChainTransaction[];

/** The transaction in which the wallet accepted the transfer; null for none. */
export function transactionOf(
  transactions: Transactions,
  { wallet, hash }: Omit<SentMessage, 'message'>,
): ChainTransaction | null {
  const isOurs = ({ account, in: message }: ChainTransaction): boolean =>
    account === wallet &&
    message?.from === null &&
    message.body !== null &&
    normalizedHash(wallet, message.body) === hash;
  return transactions.find(isOurs) ?? null;
}

/** Trusts the given transactions (ask two indexers) and contracts' standards. @param transactions final ones */
export function progressOf(transactions: Transactions, sent: SentMessage): TonProgress {
  const { message, wallet, hash } = sent;
  const root = transactionOf(transactions, sent);
  if (!root) return { awaited: hash };
  const out = root.out.find(({ to, body }) => to === message.to && body?.equals(message.body));
  // The wallet skips a message for which it lacks the coins.
  if (!out) return { outcome: 'failed' };
  const received = receiptOf(transactions, out);
  if (!received) return { awaited: out.hash };
  const send = sendOf(message);
  if (send && send.kind !== 'coin') {
    if (!received.isSuccessful) return { outcome: 'failed' };
    return send.kind === 'jetton'
      ? progressOfJettons(transactions, received, send, wallet)
      : { outcome: 'delivered' };
  }
  // A failed contract keeps coins unless it sends them back.
  const isBack = received.out.some(({ isBounced, to }) => isBounced && to === wallet);
  return { outcome: isBack ? 'bounced' : 'delivered' };
}

/** @param sender the transaction of the sending jetton wallet */
function progressOfJettons(
  transactions: Transactions,
  sender: ChainTransaction,
  send: JettonSend,
  owner: string,
): TonProgress {
  const out = sender.out.find(({ body }) => body && isInternalTransfer(body, send, owner));
  if (!out) return { outcome: 'unknown' };
  const received = receiptOf(transactions, out);
  if (!received) return { awaited: out.hash };
  if (received.isSuccessful) return { outcome: 'delivered' };
  const back = received.out.find(({ isBounced, to }) => isBounced && to === sender.account);
  if (!back) return { outcome: 'failed' };
  const returned = receiptOf(transactions, back);
  if (!returned) return { awaited: back.hash };
  return { outcome: returned.isSuccessful ? 'bounced' : 'failed' };
}

function receiptOf(transactions: Transactions, { hash, to }: ChainMessage): ChainTransaction | undefined {
  return transactions.find(({ account, in: message }) => account === to && message?.hash === hash);
}

function isInternalTransfer(body: Cell, { amount, queryId }: JettonSend, owner: string): boolean {
  try {
    const slice = body.beginParse();
    return (
      slice.loadUint(OP_BITS) === OPS.internalTransfer &&
      slice.loadUintBig(QUERY_ID_BITS) === queryId &&
      slice.loadCoins() === amount &&
      loadRaw(slice) === owner
    );
  } catch {
    return false;
  }
}
