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

/** A send and its outcome. A payment is made when `state` is `final`, and on TON `outcome` is `delivered`. */
export type Send = Schemas['SendResponse'];

/** The content of a send. Amounts are decimal text in the smallest unit. Sends on TON have their own members. */
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
      /** Only for `erc1155`. */
      readonly amount?: string;
    }
  | { readonly kind: 'call'; readonly contract: string; readonly data: string; readonly value: string };

/** Everybody can read a comment. */
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

/** The id of a chain in CAIP-2, for an embedded wallet of EVM or of TON. */
export type SendChainId = ChainId | 'ton:-239' | 'ton:-3';

/**
 * Estimates what a send would do and cost, without sending. `maxFee` is the highest fee, which the amounts do not
 * include. Only the send itself checks the wallet's balance and its limits.
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
 * Sends once from an embedded wallet, after the person confirms. If there was no answer, or a status of 500 or more,
 * call again with the same key. The service then sends once, or returns the existing send.
 * @param key stored before the call, such as `crypto.randomUUID()`
 * @param openLink opens the consent bot if the operator's rules require consent
 * @throws CountersignError `local.declined` if the person declines, or such as `send.funds_too_low`
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
  // The person confirmed the earlier send with this key.
  const isSent = asked.state === 'done';
  const { send } = isSent
    ? await perform(caller, walletId, asked)
    : await performConfirmed(caller, walletId, asked, confirm, openLink);
  return send as Send;
}

/**
 * Raises the fees of a waiting send on an EVM chain, or replaces it with an empty one. A block may still include either
 * version.
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

export interface FollowOptions {
  /** Receives the send after each read. */
  readonly onRead?: (send: Send) => void;
  /** Stops reading with an `AbortError`. */
  readonly signal?: AbortSignal;
}

/** Reads a send every two seconds, also after an outage, until it is `final`, `failed`, `replaced` or `not-sent`. */
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
