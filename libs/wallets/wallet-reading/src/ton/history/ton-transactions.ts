import { Injectable } from '@nestjs/common';
import {
  type Chain,
  chainUnavailable,
  type TonBlock,
  type TonIndexer,
  TonIndexers,
  tooFewNodes,
  type Verification,
} from '@countersign/chains';
import { MAX_ASKED } from '../../amounts/node-amounts';
import { type PageWanted } from '../../wallet-reader';
import { toChainReading } from '../../dto/chain.response';
import { type TransactionResponse, type TransactionsPage } from '../../dto/transactions.response';
import { askIndexers, oldest, TwoEndpoints } from '../asking/two-endpoints';
import { shown } from '../asking/cells';
import { readTransactions, type TonTransaction } from './read-transactions';
import { type Accounts, transfersOf, wentBack } from './transfers';
import { invalidCursor } from '@countersign/http';

interface Listed {
  readonly transaction: TonTransaction;
  readonly verification: Verification;
}

/** Where a page ended. Transactions of several accounts can have the same logical time. */
interface Position {
  readonly lt: bigint;
  readonly hash: string;
}

const CURSOR = /^([1-9]\d{0,19})\.([0-9a-f]{64})$/;

/**
 * Returns each transaction once, newest first. It is `agreed` if two indexers list it with the same contents, and
 * otherwise `single`. The same hash at two logical times makes two transactions, so that no indexer can move a
 * transaction out of its page.
 * @param answers of one or two indexers, each with all transactions down to one that is older than the page
 */
function merged(answers: readonly (readonly TonTransaction[])[], after: Position | null): readonly Listed[] {
  const found = new Map<string, { transaction: TonTransaction; votes: Set<number> }>();
  for (const [index, answer] of answers.entries())
    for (const transaction of answer) {
      const { hash, lt, account } = transaction;
      const key = `${hash} ${lt} ${account}`;
      const known = found.get(key);
      if (!known) found.set(key, { transaction, votes: new Set([index]) });
      else if (contentsOf(known.transaction) === contentsOf(transaction)) known.votes.add(index);
    }
  return [...found.values()]
    .map(({ transaction, votes }): Listed => ({
      transaction,
      verification: votes.size > 1 ? 'agreed' : 'single',
    }))
    .filter(({ transaction }) => after === null || isOlder(transaction, after))
    .toSorted((one, other) => (isOlder(one.transaction, other.transaction) ? 1 : -1));
}

function toCursor({ lt, hash }: Position): string {
  return Buffer.from(`${lt}.${hash}`).toString('base64url');
}

function readCursor(cursor: string | null): Position | null {
  if (cursor === null) return null;
  const [, lt, hash] = CURSOR.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  if (lt === undefined || hash === undefined || toCursor({ lt: BigInt(lt), hash }) !== cursor)
    throw invalidCursor();
  return { lt: BigInt(lt), hash };
}

function isOlder(one: Position, other: Position): boolean {
  return one.lt === other.lt ? one.hash < other.hash : one.lt < other.lt;
}

function contentsOf(transaction: TonTransaction): string {
  return JSON.stringify(transaction, (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value));
}

/** An indexer lists this many at once. */
const MAX_LISTED = 1_000;
const MORE = 10;

interface Answer {
  readonly head: TonBlock;
  readonly transactions: readonly TonTransaction[];
  readonly isRead: boolean;
}

@Injectable()
export class TonTransactions {
  constructor(
    private readonly indexers: TonIndexers,
    private readonly endpoints: TwoEndpoints,
  ) {}

  /** @param owner raw */
  async page(chain: Chain, owner: string, { cursor, limit }: PageWanted): Promise<TransactionsPage> {
    const after = readCursor(cursor);
    const { accounts, isWhole } = await this.accountsOf(chain, owner);
    const answers = await askIndexers(this.indexers.of(chain.id), (indexer) =>
      askOne(indexer, accounts, after, limit),
    );
    const lists = answers.map(({ transactions }) => transactions);
    const found = merged(lists, after);
    const listed = found.slice(0, limit);
    const last = found.length > limit ? listed.at(-1) : undefined;
    // The endpoints that name the jetton wallets must agree too.
    const all = [...listed, ...accounts.jettons.values()];
    const isAgreed = answers.length > 1 && all.every(({ verification }) => verification === 'agreed');
    const isRead = answers.every((answer) => answer.isRead);
    const asOf = oldest(answers.map(({ head }) => head));
    return {
      chain: toChainReading(chain, {
        final: asOf,
        staleSince: null,
        isComplete: isAgreed && isRead && isWhole,
      }),
      items: listed.flatMap((one) => toResponses(chain, accounts, one)),
      nextCursor: last ? toCursor(last.transaction) : null,
    };
  }

  private async accountsOf(chain: Chain, owner: string) {
    const tokens = chain.tokens.slice(0, MAX_ASKED);
    const named = await Promise.all(
      tokens.map(async (token) => ({
        token,
        said: await this.endpoints.jettonWallet(chain, owner, token.address),
      })),
    );
    if (named.some(({ said }) => said.reason === 'away')) throw chainUnavailable(tooFewNodes());
    const jettons = new Map(
      named.flatMap(({ token, said: { value, verification } }) =>
        value === null ? [] : [[value, { token, verification }]],
      ),
    );
    const accounts: Accounts = { owner, jettons };
    return { accounts, isWhole: jettons.size === chain.tokens.length };
  }
}

async function askOne(
  indexer: TonIndexer,
  { owner, jettons }: Accounts,
  after: Position | null,
  limit: number,
): Promise<Answer> {
  const account = [owner, ...jettons.keys()];
  // The transactions at the cursor's time are listed again, at most one of each account.
  const needed = limit + 1 + account.length;
  const isAsked = (one: TonTransaction): boolean =>
    account.includes(one.account) && (after === null || one.lt <= after.lt);
  const head = await indexer.head();
  for (let count = needed; ; count = Math.min(MAX_LISTED, MORE * count)) {
    const end = after === null ? {} : { end_lt: after.lt.toString() };
    const query = { account, ...end, limit: String(count), sort: 'desc' };
    const { transactions, count: listed } = await indexer.get('transactions', query, readTransactions);
    if (listed > count || !transactions.every(isAsked)) throw indexer.lied('not_asked_for');
    const isRead = listed === transactions.length;
    // Unreadable transactions must not hide older ones.
    const isEnough = isRead || listed < count || transactions.length >= needed;
    if (isEnough || count === MAX_LISTED) return { head, transactions, isRead };
  }
}

/** Empty if a jetton wallet did nothing for the wallet. */
function toResponses(
  chain: Chain,
  accounts: Accounts,
  { transaction, verification: ofContents }: Listed,
): readonly TransactionResponse[] {
  const { account, hash, block, at, in: message, isFinal, isSuccessful, hasNoContract } = transaction;
  const transfers = transfersOf(chain, accounts, transaction);
  const isOwn = account === accounts.owner;
  if (!isOwn && transfers.length === 0) return [];
  const isCredited = hasNoContract && !wentBack(transaction);
  const from = message?.from ?? null;
  const verification = accounts.jettons.get(account)?.verification === 'single' ? 'single' : ofContents;
  return [
    {
      hash,
      status: isSuccessful || isCredited ? 'succeeded' : 'failed',
      block: { number: block, hash: null, at: at.toISOString() },
      verification,
      isFinal: isFinal && verification === 'agreed',
      from: from === null ? null : shown(from, chain),
      to: shown(account, chain),
      fee: isOwn ? feeOf(transaction).toString() : null,
      isFeeExact: true,
      part: 0,
      isHidden: false,
      transfers: [...transfers],
    },
  ];
}

/** Coins that came, less coins that went and this fee, are the change of the balance. */
function feeOf(transaction: TonTransaction): bigint {
  const { fees, in: message, out } = transaction;
  const paid = out.reduce((sum, one) => sum + one.fees, fees);
  if (!wentBack(transaction)) return paid;
  // The value that went back paid the fees.
  return out.reduce((sum, { value }) => sum + (value ?? 0n), paid) - (message?.value ?? 0n);
}
