import type { Caller, Schemas } from '../api.js';
import { untilSettled } from '../what-codes-mean.js';
import type { OpenLink } from './consents.js';
import {
  perform,
  performConfirmed,
  type ActDetails,
  type ChainId,
  type Confirm,
} from './embedded-wallets.js';

/**
 * A send, with what became of it: count a payment as made when its `state` is `final`, and on TON its `outcome` `delivered`.
 */
export type Send = Schemas['SendResponse'];

/** What is sent. Amounts are decimal text in the smallest unit. Those of TON have their own members. */
export type SendRequest = EvmSendRequest | TonSendRequest;

/** Addresses are `0x` hex. */
type EvmSendRequest =
  | { readonly kind: 'coin'; readonly to: string; readonly amount: string }
  | { readonly kind: 'token'; readonly token: string; readonly to: string; readonly amount: string }
  | {
      readonly kind: 'collectible';
      readonly standard: 'erc721' | 'erc1155';
      readonly contract: string;
      readonly tokenId: string;
      readonly to: string;
      /** Of `erc1155`. */
      readonly amount?: string;
    }
  | { readonly kind: 'call'; readonly contract: string; readonly data: string; readonly value: string };

/** A comment can be read by everybody. */
type TonSendRequest =
  | { readonly kind: 'coin'; readonly to: string; readonly amount: string; readonly comment?: string }
  | {
      readonly kind: 'jetton';
      readonly master: string;
      readonly to: string;
      readonly amount: string;
      readonly comment?: string;
    }
  | { readonly kind: 'collectible'; readonly item: string; readonly to: string };

/** A chain by CAIP-2: of an embedded wallet for EVM, or of one for TON. */
export type SendChainId = ChainId | 'ton:-239' | 'ton:-3';

/**
 * What a send would do and cost: `maxFee` is the most beside its amounts. Nothing is sent. Whether the wallet has the amount, and whether
 * limits allow it, is decided by the send.
 * @throws CountersignError such as `send.fees_unknown`, `send.would_fail`, `wallet.frozen`
 */
export async function estimateSend(
  { call }: Caller,
  walletId: string,
  chainId: SendChainId,
  request: SendRequest,
): Promise<ActDetails> {
  const body = { kind: 'send', chainId, request: { ...request } } as const;
  const { details } = await call('POST', '/v1/wallets/{walletId}/acts', { path: { walletId }, body });
  return details as unknown as ActDetails;
}

/**
 * Sends from an embedded wallet what the person confirms, once. After an error without an answer, or with a status of 500 or more,
 * call again with the same key: it is then sent once, or the answer is the send that exists.
 * @param key stored before the call, such as `crypto.randomUUID()`
 * @param openLink opens the consent bot, where the rules of the operator ask for consent
 * @throws CountersignError `local.declined` where the person does not want it, or such as `send.funds_too_low`
 */
export async function sendFromWallet(
  caller: Caller,
  walletId: string,
  chainId: SendChainId,
  request: SendRequest,
  key: string,
  confirm: Confirm,
  openLink?: OpenLink,
): Promise<Send> {
  const asked = await caller.call('POST', '/v1/wallets/{walletId}/acts', {
    path: { walletId },
    body: { kind: 'send', chainId, request: { ...request }, key },
  });
  // A send of this key was made before, and confirmed then.
  const isSent = asked.state === 'done';
  const { send } = isSent
    ? await perform(caller, walletId, asked)
    : await performConfirmed(caller, walletId, asked, confirm, openLink);
  return send as Send;
}

/**
 * Gives a send that waits on an EVM chain higher fees, or sends nothing in its place. Either version may still be the one that a block gets.
 * @throws CountersignError as `sendFromWallet`, or such as `send.settled`, `send.earlier_waits`, `send.not_replaceable`
 */
export async function replaceSend(
  caller: Caller,
  walletId: string,
  { sendId }: Pick<Send, 'sendId'>,
  kind: 'speed-up' | 'cancel',
  confirm: Confirm,
  openLink?: OpenLink,
): Promise<Send> {
  const path = { walletId, sendId };
  const asked = await caller.call('POST', `/v1/wallets/{walletId}/sends/{sendId}/${kind}`, { path });
  return (await performConfirmed(caller, walletId, asked, confirm, openLink)).send as Send;
}

/** What became of a send. */
export function readSend({ call }: Caller, walletId: string, sendId: string): Promise<Send> {
  return call('GET', '/v1/wallets/{walletId}/sends/{sendId}', { path: { walletId, sendId } });
}

/** Newest first. @param cursor `nextCursor` of the page before */
export function listSends({ call }: Caller, walletId: string, cursor?: string): Promise<Schemas['SendPage']> {
  const query = cursor === undefined ? {} : { cursor };
  return call('GET', '/v1/wallets/{walletId}/sends', { path: { walletId }, query });
}

export interface FollowOptions {
  /** Gets what is read, each time. */
  readonly onRead?: (send: Send) => void;
  /** Ends it with an `AbortError`. */
  readonly signal?: AbortSignal;
}

/**
 * Reads a send every two seconds until nothing changes any more (`final`, `failed`, `replaced`, `not-sent`). An outage of the service is waited for.
 */
export function followSend(
  { call }: Caller,
  walletId: string,
  sendId: string,
  { onRead, signal }: FollowOptions = {},
): Promise<Send> {
  const path = { walletId, sendId };
  return untilSettled(
    async () => {
      if (signal?.aborted) throw new DOMException('The page wants no more answers', 'AbortError');
      const send = await call('GET', '/v1/wallets/{walletId}/sends/{sendId}', { path, signal });
      onRead?.(send);
      return send;
    },
    ({ state }) => state === 'broadcasting' || state === 'mined',
  );
}
