import { Injectable } from '@nestjs/common';
import {
  progressOf,
  transactionOf,
  type ChainTransaction,
  type TonOutcome,
  type SentMessage,
  type TonLookUp,
  type ChainMessage,
} from '@countersign/transfers';
import { readTonAddress } from '@countersign/wallet-proofs';
import type { Chain } from '../chain';
import { askEnough, NODES_ASKED, repliesOf, tooFewNodes, unavailable, type Reply } from '../from-nodes';
import { addressOfStack, readCell } from './cells';
import { malformed } from '../node-error';
import { readTonHash, type TonWalletState } from './read-toncenter';
import { TonAccounts } from './ton-accounts';
import type { TonEndpoint } from './ton-endpoint';
import type { TonIndexer } from './ton-indexer';
import { TonIndexers } from '../services';
import { isRecord, type JsonRecord } from '../rpc/json-rpc';
import { giveToAll, type NodeAnswer } from '../sending/node-answer';

export type TonAsset = { readonly master: string; readonly amount: bigint } | { readonly item: string };

const NO_HOLDER = '';
/** The steps: the wallet, two jetton wallets, and the jetton wallet to which jettons come back. */
const MAX_STEPS = 4;
/** A message has one final transaction. */
const MAX_LISTED = '4';

/**
 * Sends transfers of TON and looks for them. One endpoint or indexer proves nothing: `decideTonSend` needs two of each.
 * Addresses are raw. Only `holderOf` throws because endpoints are away.
 */
@Injectable()
export class TonSending {
  constructor(
    private readonly ton: TonAccounts,
    private readonly indexers: TonIndexers,
  ) {}

  /** Sends the bytes to all endpoints. They may be repeated: the seqno is used once. @param raw `0x` and hex */
  broadcast({ id }: Chain, raw: string): Promise<readonly NodeAnswer[]> {
    return giveToAll(this.ton.of(id), (endpoint) => endpoint.send(Buffer.from(raw.slice(2), 'hex')));
  }

  /** Reads the wallet from two endpoints, and from all others if these differ. Returns only the answers that came. */
  wallet({ id }: Chain, address: string): Promise<readonly Reply<TonWalletState>[]> {
    return repliesOf(
      this.ton.of(id),
      (endpoint) => endpoint.wallet(address),
      (first) => agreedByTwo(first.map(({ seqno }) => seqno)) !== null,
    );
  }

  /**
   * Returns the contract that sends an asset: the owner's jetton wallet, or the item itself. Null if two endpoints say
   * that the owner does not have the asset.
   */
  async holderOf({ id }: Chain, owner: string, asset: TonAsset): Promise<string | null> {
    const said = await askEnough(
      this.ton.of(id),
      (endpoint) => holderAt(endpoint, owner, asset),
      (first) => agreedByTwo(first) !== null,
    );
    const holder = agreedByTwo(said);
    if (holder === null) throw unavailable(tooFewNodes());
    return holder === NO_HOLDER ? null : holder;
  }

  /** Looks for a transfer at two indexers, and at all others if these differ. */
  async lookUp(chain: Chain, sent: Omit<SentMessage, 'message'>): Promise<readonly Reply<TonLookUp>[]> {
    return repliesOf(
      this.indexers.of(chain.id),
      async (indexer): Promise<TonLookUp> => {
        // This is asked first, so that all transactions up to this time are found.
        const indexedTime = await indexer.get('masterchainInfo', {}, readIndexedTime);
        const found = transactionOf(await receiptsOf(indexer, sent.hash), sent);
        return { indexedTime, transaction: found?.hash ?? null };
      },
      (first) => agreedByTwo(first.map(({ transaction }) => transaction)) !== null,
    );
  }

  /** `unknown` unless two indexers agree. Each transaction is requested by itself: a receiver can make a huge trace. */
  async outcome(chain: Chain, sent: SentMessage): Promise<TonOutcome> {
    const said = await askEnough(
      this.indexers.of(chain.id),
      (indexer) => follow(indexer, sent),
      (first) => agreedByTwo(first.map(({ key }) => key)) !== null,
    );
    const isAgreed = agreedByTwo(said.map(({ key }) => key)) !== null;
    return (isAgreed ? said[0]?.outcome : null) ?? 'unknown';
  }
}

async function holderAt(endpoint: TonEndpoint, owner: string, asset: TonAsset): Promise<string> {
  if ('item' in asset) {
    const { exitCode, stack } = await endpoint.runGetMethod(asset.item, 'get_nft_data');
    return exitCode === 0 && addressOfStack(stack[3]) === owner ? asset.item : NO_HOLDER;
  }
  const wallet = await endpoint.jettonWallet(asset.master, owner);
  if (wallet === null) return NO_HOLDER;
  const { exitCode, stack } = await endpoint.runGetMethod(wallet, 'get_wallet_data');
  const [balance] = stack;
  return exitCode === 0 && typeof balance === 'bigint' && balance >= asset.amount ? wallet : NO_HOLDER;
}

async function follow(indexer: TonIndexer, sent: SentMessage) {
  const transactions: ChainTransaction[] = [];
  let progress = progressOf(transactions, sent);
  for (let step = 0; step < MAX_STEPS && 'awaited' in progress; step += 1) {
    transactions.push(...(await receiptsOf(indexer, progress.awaited)));
    progress = progressOf(transactions, sent);
  }
  const outcome = 'awaited' in progress ? 'unknown' : progress.outcome;
  return { outcome, key: `${transactionOf(transactions, sent)?.hash} ${outcome}` };
}

/** Reads the final transactions that a message began. @param hash the message's hash, or its normalised hash */
function receiptsOf(indexer: TonIndexer, hash: string): Promise<readonly ChainTransaction[]> {
  const query = { msg_hash: hash, direction: 'in', limit: MAX_LISTED };
  return indexer.get('transactionsByMessage', query, readFinalTransactions);
}

/** Returns the seqno if at least two endpoints answer and all agree; otherwise null. */
export function agreedSeqno(said: readonly Reply<TonWalletState>[]): number | null {
  return agreedByTwo(said.map(({ answer }) => answer.seqno));
}

function agreedByTwo<T>(values: readonly T[]): T | null {
  const [first = null, ...others] = values;
  return values.length >= NODES_ASKED && others.every((other) => other === first) ? first : null;
}

// The answers of toncenter's API, version 3, about transactions of sends.

function readFinalTransactions({ transactions }: JsonRecord): readonly ChainTransaction[] {
  if (!Array.isArray(transactions)) return malformed();
  return (transactions as readonly unknown[]).flatMap((transaction) => {
    if (!isRecord(transaction)) return malformed();
    return isFinalOnTon(transaction) ? [readTransaction(transaction)] : [];
  });
}

/** In Unix seconds. */
function readIndexedTime({ last }: JsonRecord): number {
  const time = isRecord(last) ? last['gen_utime'] : undefined;
  if (typeof time !== 'string' || !/^[1-9]\d{0,9}$/.test(time)) return malformed();
  return Number(time);
}

function readTransaction(transaction: JsonRecord): ChainTransaction {
  const { hash, in_msg: message, out_msgs: messages, description } = transaction;
  const account = readRaw(transaction['account']);
  if (account === null || !Array.isArray(messages) || !isRecord(description)) return malformed();
  return {
    account,
    hash: readTonHash(hash),
    isSuccessful: isSuccessfulOnTon(description),
    in: message == null ? null : readMessage(message),
    out: (messages as readonly unknown[]).map(readMessage),
  };
}

function readMessage(message: unknown): ChainMessage {
  if (!isRecord(message)) return malformed();
  const { hash, source, destination, bounced, message_content: content } = message;
  return {
    hash: readTonHash(hash),
    from: readRaw(source),
    to: readRaw(destination),
    isBounced: bounced === true,
    body: readCell(isRecord(content) ? content['body'] : null),
  };
}

function readRaw(value: unknown): string | null {
  if (value == null) return null;
  const read = typeof value === 'string' ? readTonAddress(value) : null;
  if (!read?.ok) return malformed();
  return read.value.raw;
}

/** Whether a block of the masterchain refers to the transaction, so that no fork can drop it. */
export function isFinalOnTon({ finality, emulated, mc_block_seqno: block }: JsonRecord): boolean {
  return (
    finality === 'finalized' && emulated !== true && Number.isSafeInteger(block) && (block as number) > 0
  );
}

/** Whether the contract ran and did what the message asks for, by the transaction's `description`. */
export function isSuccessfulOnTon({ aborted, compute_ph: compute, action }: JsonRecord): boolean {
  const isDone = isRecord(compute) && compute['success'] === true;
  return aborted !== true && isDone && (action == null || (isRecord(action) && action['success'] === true));
}
