import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import {
  EvmSending,
  type Chain,
  type EvmChainSending,
  type Funds,
  type FundsThen,
} from '@countersign/chains';
import type { OpenedWallet } from '@countersign/linked-wallets';
import { confirmedByTwo, type DecodedActJson, greatestFee, NODES_NEEDED } from '@countersign/wallet-acts';
import { RETRY_AFTER_SECONDS, sendError } from '../sending.errors';
import { SendsRepository } from '../store/sends.repository';
import { StoredSends } from '../store/stored-sends';
import { readTransaction } from './read-transaction';

interface Taken {
  readonly coins: bigint;
  /** The key is the contract's address. */
  readonly tokens: ReadonlyMap<string, bigint>;
}

interface TakenByOpen extends Taken {
  readonly nonce: number;
}

interface NewSend {
  readonly wallet: OpenedWallet;
  readonly chain: Chain;
  readonly sendId: string;
  readonly details: DecodedActJson;
}

/**
 * Computes a wallet's free funds: the lower of its funds in the latest block and in a block at the chain's `depth`, as
 * two nodes say, less the sends that the block does not contain.
 */
@Injectable()
export class Spendable {
  constructor(
    private readonly port: EvmSending,
    private readonly sends: SendsRepository,
    private readonly stored: StoredSends,
  ) {}

  async ask(chain: Chain, address: string, details: DecodedActJson): Promise<readonly Funds[]> {
    const tokens = [...takenBy(details).tokens.keys()];
    const funds = await this.port.funds(chain, address, tokens, (chain.sending as EvmChainSending).depth);
    if (funds.length < NODES_NEEDED)
      throw sendError('send.funds_unknown', { retryAfterSeconds: RETRY_AFTER_SECONDS });
    return funds;
  }

  /** @param funds the nodes' earlier answers */
  async assertLeft(tx: EntityManager, send: NewSend, funds: readonly Funds[]): Promise<void> {
    const nonces = funds.flatMap(({ latest, deep }) => [latest.nonce, deep.nonce]);
    const open = await this.takenByOpen(tx, send, Math.min(...nonces));
    const wanted = takenBy(send.details);
    const enough = funds.filter((each) =>
      [each.latest, each.deep].every((then) => hasTokens(then, open, wanted)),
    );
    const leftBy = ({ latest, deep }: Funds): bigint => {
      const [now, confirmed] = [coinsLeftIn(latest, open, wanted), coinsLeftIn(deep, open, wanted)];
      return now < confirmed ? now : confirmed;
    };
    if (confirmedByTwo(enough.map(leftBy)) < 0n) throw sendError('send.funds_too_low');
  }

  /** Counts the sends from a nonce on. A send counts with its dearest version, because a block may get any version. */
  private async takenByOpen(
    tx: EntityManager,
    { wallet, chain, sendId }: NewSend,
    nonce: number,
  ): Promise<readonly TakenByOpen[]> {
    const all = await this.sends.listFrom(tx, wallet.walletId, chain.id, nonce);
    const others = all.filter(({ id }) => id !== sendId);
    return (await this.stored.open(tx, wallet, others)).map(({ send, details, versions }) => {
      const { coins, tokens } = takenBy(details);
      const dearest = versions
        .map(({ raw }) => costOf(raw))
        .reduce((most, cost) => (cost > most ? cost : most), coins);
      return { nonce: Number(send.nonce), coins: dearest, tokens };
    });
  }
}

function costOf(raw: string): bigint {
  const { call, gas, fees } = readTransaction(raw);
  return call.value + greatestFee(gas, fees);
}

function hasTokens({ nonce, tokens }: FundsThen, open: readonly TakenByOpen[], wanted: Taken): boolean {
  const later = open.filter((each) => each.nonce >= nonce);
  return [...wanted.tokens].every(([token, amount]) => {
    const taken = later.reduce((sum, each) => sum + (each.tokens.get(token) ?? 0n), 0n);
    return (tokens.get(token) ?? 0n) - taken >= amount;
  });
}

function coinsLeftIn({ nonce, coins }: FundsThen, open: readonly TakenByOpen[], wanted: Taken): bigint {
  const later = open.filter((each) => each.nonce >= nonce);
  return later.reduce((sum, each) => sum - each.coins, coins) - wanted.coins;
}

/** Only the estimate checks collectibles, and what may be a collectible. */
function takenBy({ address, maxFee, spends }: DecodedActJson): Taken {
  let coins = BigInt(maxFee ?? '0');
  const tokens = new Map<string, bigint>();
  for (const { kind, owner, token, tokenId, amount, isAmountOrTokenId } of spends) {
    if (kind !== 'transfer' || owner !== address || amount === 'unlimited') continue;
    if (token === null) coins += BigInt(amount);
    else if (tokenId === null && !isAmountOrTokenId)
      tokens.set(token, (tokens.get(token) ?? 0n) + BigInt(amount));
  }
  return { coins, tokens };
}
