import type { Verification } from '@countersign/chains';
import { invalidCursor } from '@countersign/http';
import type { TonTransaction } from './read-transactions';

export interface Listed {
  readonly transaction: TonTransaction;
  readonly verification: Verification;
}

/** Where a page ended. Transactions of several accounts can have one logical time. */
export interface Position {
  readonly lt: bigint;
  readonly hash: string;
}

const CURSOR = /^([1-9]\d{0,19})\.([0-9a-f]{64})$/;

/**
 * Newest first, each once. A transaction that two indexers list with the same contents is `agreed`; one that a single
 * indexer lists, or that they list with different contents, is `single`. The same hash at two logical times makes two
 * transactions: else one indexer could move it out of its page.
 * @param answers of one indexer or two, each with all transactions down to one that is older than the page
 */
export function merged(
  answers: readonly (readonly TonTransaction[])[],
  after: Position | null,
): readonly Listed[] {
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

export function toCursor({ lt, hash }: Position): string {
  return Buffer.from(`${lt}.${hash}`).toString('base64url');
}

/** @throws AppError request.invalid for a cursor that no page gave */
export function readCursor(cursor: string | null): Position | null {
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
