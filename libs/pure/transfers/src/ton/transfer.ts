import {
  beginCell,
  internal,
  loadOutList,
  SendMode,
  storeOutList,
  type Cell,
  type MessageRelaxed,
  type Slice,
} from '@ton/core';
import { readBoundedBoc } from '@countersign/wallet-proofs';
import { toAddress } from './addresses';
import type { TonMessage } from './messages';

/** The global id of a network: -239, or -3 for testnet. */
export type TonNetworkId = -239 | -3;

/** An unsigned transfer of a wallet v5r1. */
export interface TonTransfer {
  readonly network: TonNetworkId;
  readonly seqno: number;
  /** In Unix seconds. From this time of the account's shard on, the wallet refuses the transfer. */
  readonly validUntil: number;
  /** From 1 to 255. */
  readonly messages: readonly TonMessage[];
}

export const MAX_LIFETIME_SECONDS = 60;

/** @see https://github.com/ton-blockchain/wallet-contract-v5/blob/main/types.tlb `signed_external` */
const SIGNED_EXTERNAL = 0x7369676e;
/** A client's context: workchain 0, version 0, first wallet of the key. */
const CONTEXT = 0x8000_0000 | 0;
const NETWORKS: readonly TonNetworkId[] = [-239, -3];
/**
 * Fees are paid separately, so the receiver gets the full value. A failing action is skipped, as v5 requires for
 * external messages. The mode for the whole balance (+128) is not used: its amount would not be in the signed bytes.
 */
const MODE = SendMode.PAY_GAS_SEPARATELY | SendMode.IGNORE_ERRORS;
const MAX_MESSAGES = 255;
const BOUNDS = { maxBytes: 65_536, maxCells: 2_048 };

/** The `wallet_id` of the first wallet of a key in a network. */
export function tonWalletIdOf(network: TonNetworkId): number {
  return CONTEXT ^ network;
}

/** The signed body as a bag of cells. Custody receives it. @throws Error for numbers and addresses out of range */
export function tonTransferPayload(transfer: TonTransfer): Buffer {
  return bodyOf(transfer).toBoc();
}

/** The hash of the body, 32 bytes. @throws as `tonTransferPayload` */
export function tonTransferDigest(transfer: TonTransfer): Buffer {
  return bodyOf(transfer).hash();
}

/**
 * Reads the signed body. Null for anything besides messages: actions of v5r1 that change extensions or signatures,
 * other modes than 3, messages with a state init or other currencies, and a wallet id that no wallet of ours has.
 */
export function readTonTransfer(payload: Buffer): TonTransfer | null {
  const body = readBoundedBoc(payload, BOUNDS);
  if (!body || body.isExotic) return null;
  try {
    const transfer = transferIn(body.beginParse());
    // No unread rest is allowed.
    return transfer && bodyOf(transfer).equals(body) ? transfer : null;
  } catch {
    return null;
  }
}

function bodyOf({ network, seqno, validUntil, messages }: TonTransfer): Cell {
  if (messages.length === 0 || messages.length > MAX_MESSAGES)
    throw new RangeError('too few or many messages');
  const actions = messages.map(
    (message) => ({ type: 'sendMsg', mode: MODE, outMsg: relaxed(message) }) as const,
  );
  return (
    beginCell()
      .storeUint(SIGNED_EXTERNAL, 32)
      .storeInt(tonWalletIdOf(network), 32)
      .storeUint(validUntil, 32)
      .storeUint(seqno, 32)
      .storeMaybeRef(beginCell().store(storeOutList(actions)).endCell())
      // No other actions.
      .storeBit(false)
      .endCell()
  );
}

function transferIn(slice: Slice): TonTransfer | null {
  const isExternal = slice.loadUint(32) === SIGNED_EXTERNAL;
  const walletId = slice.loadInt(32);
  const network = NETWORKS.find((known) => tonWalletIdOf(known) === walletId);
  const [validUntil, seqno] = [slice.loadUint(32), slice.loadUint(32)];
  const actions = slice.loadMaybeRef();
  if (!isExternal || network === undefined || !actions) return null;
  const messages = loadOutList(actions.beginParse()).map((action) =>
    action.type === 'sendMsg' ? messageIn(action.outMsg) : null,
  );
  return messages.every((message) => message !== null) ? { network, seqno, validUntil, messages } : null;
}

function messageIn({ info, body }: MessageRelaxed): TonMessage | null {
  if (info.type !== 'internal') return null;
  return { to: info.dest.toRawString(), value: info.value.coins, bounce: info.bounce, body };
}

function relaxed({ to, value, bounce, body }: TonMessage): MessageRelaxed {
  return internal({ to: toAddress(to), value, bounce, body });
}
