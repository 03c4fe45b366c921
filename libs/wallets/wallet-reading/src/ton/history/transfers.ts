import type { Chain, ListedToken, Verification } from '@countersign/chains';
import type { TransferResponse } from '../../dto/transactions.response';
import { coinOf, listedJetton } from '../answers/assets';
import { shown } from '../asking/cells';
import type { TonMessage, TonTransaction } from './read-transactions';

interface JettonWallet {
  readonly token: ListedToken;
  /** Whether endpoints agree that the master names it. */
  readonly verification: Verification;
}

/** The wallet of a history, and its jetton wallets as listed masters name them. Addresses are raw. */
export interface Accounts {
  readonly owner: string;
  readonly jettons: ReadonlyMap<string, JettonWallet>;
}

type Move = Pick<TransferResponse, 'kind' | 'direction' | 'counterparty' | 'comment'> & {
  readonly amount: bigint;
};

/** Whether the message came to the wallet and went back, so that nothing was received. */
export function wentBack({ isSuccessful, in: message, out }: TonTransaction): boolean {
  return !isSuccessful && message?.value != null && out.some(({ isBounced }) => isBounced);
}

export function transfersOf(
  chain: Chain,
  accounts: Accounts,
  transaction: TonTransaction,
): readonly TransferResponse[] {
  const token = accounts.jettons.get(transaction.account)?.token;
  const asset = token ? listedJetton(chain, token) : coinOf(chain);
  const moves = token ? movesOfJetton(accounts, transaction) : movesOfCoin(accounts, transaction);
  return moves.map(({ amount, counterparty, ...move }) => ({
    ...asset,
    ...move,
    counterparty: counterparty === null ? null : shown(counterparty, chain),
    amount: amount.toString(),
    hiddenReasons: [],
  }));
}

/** Coins that the wallet sends to itself are listed only where they are received. */
function movesOfCoin(accounts: Accounts, transaction: TonTransaction): readonly Move[] {
  if (wentBack(transaction)) return [];
  const { in: message, out } = transaction;
  const received = message?.value ? [receivedCoins(accounts, message, message.value)] : [];
  const sent = out.flatMap(({ to, value, body }): readonly Move[] =>
    value === null || value === 0n || to === accounts.owner
      ? []
      : [{ kind: 'message', direction: 'out', counterparty: to, amount: value, comment: commentOf(body) }],
  );
  return [...received, ...sent];
}

function receivedCoins({ owner, jettons }: Accounts, message: TonMessage, amount: bigint): Move {
  const { from, isBounced, body } = message;
  const direction = from === owner ? 'self' : 'in';
  const coins = { direction, counterparty: from, amount } as const;
  if (isBounced) return { ...coins, kind: 'bounce', comment: null };
  if (body.kind === 'excesses') return { ...coins, kind: 'excess', comment: null };
  // Any contract can send such a notice, so the jettons are listed where the jetton wallet received them.
  if (body.kind === 'notification' && from !== null && jettons.has(from))
    return { ...coins, kind: 'notification', comment: null };
  return { ...coins, kind: 'message', comment: commentOf(body) };
}

function movesOfJetton({ owner }: Accounts, { isSuccessful, in: message }: TonTransaction): readonly Move[] {
  if (!isSuccessful || !message) return [];
  const { body, from } = message;
  switch (body.kind) {
    case 'internal_transfer': {
      const { amount, comment } = body;
      const direction = body.from === owner ? 'self' : 'in';
      return [{ kind: 'jetton', direction, counterparty: body.from, amount, comment }];
    }
    case 'transfer': {
      const { amount, comment, to } = body;
      if (from !== owner || to === owner) return [];
      return [{ kind: 'jetton', direction: 'out', counterparty: to, amount, comment }];
    }
    case 'burn':
      return [{ kind: 'burn', direction: 'out', counterparty: null, amount: body.amount, comment: null }];
    case 'returned':
      return [{ kind: 'bounce', direction: 'in', counterparty: null, amount: body.amount, comment: null }];
    default:
      return [];
  }
}

function commentOf(body: TonMessage['body']): string | null {
  return body.kind === 'comment' ? body.comment : null;
}
