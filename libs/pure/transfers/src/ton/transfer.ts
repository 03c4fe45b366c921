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

/** A transfer of a wallet v5r1, before it is signed. */
export interface TonTransfer {
  readonly network: TonNetworkId;
  readonly seqno: number;
  /** In Unix seconds: from this time of the account's shard on the wallet refuses it. */
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
 * Fees are paid apart, so that the receiver gets the value, and an action that fails is skipped, which v5 asks of external
 * messages. The whole balance (+128) is not sent, since its amount is not in what is signed.
 */
const MODE = SendMode.PAY_GAS_SEPARATELY | SendMode.IGNORE_ERRORS;
const MAX_MESSAGES = 255;
const BOUNDS = { maxBytes: 65_536, maxCells: 2_048 };

/** The `wallet_id` of the first wallet of a key in a network. */
export function tonWalletIdOf(network: TonNetworkId): number {
  return CONTEXT ^ network;
}

/** The body that is signed, as a bag of cells: what custody gets. @throws Error for numbers and addresses out of range */
export function tonTransferPayload(transfer: TonTransfer): Buffer {
  return bodyOf(transfer).toBoc();
}

/** What is signed: the hash of the body, 32 bytes. @throws as `tonTransferPayload` */
export function tonTransferDigest(transfer: TonTransfer): Buffer {
  return bodyOf(transfer).hash();
}

/**
 * Reads the whole body that is signed; null for one with anything else than messages: actions of v5r1 that change extensions or
 * signatures, other modes than 3, messages with a state init or other currencies, and a wallet id that no wallet of ours has.
 */
export function readTonTransfer(payload: Buffer): TonTransfer | null {
  const body = readBoundedBoc(payload, BOUNDS);
  if (!body || body.isExotic) return null;
  try {
    const transfer = transferIn(body.beginParse());
    // Nothing may be left that was not read.
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
