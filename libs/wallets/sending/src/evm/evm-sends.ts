import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { formatEther, recoverTransactionAddress } from 'viem';
import {
  EvmSending,
  type BroadcastReport,
  type Chain,
  type ChainSending,
  type EvmChainSending,
} from '@countersign/chains';
import { Clock } from '@countersign/clock';
import { lengthPrefixed, sha256 } from '@countersign/crypto';
import type { Signing } from '@countersign/custody-client';
import {
  Custody,
  embeddedWalletError,
  ForeignUse,
  trailOf,
  walletActError,
} from '@countersign/embedded-wallets';
import {
  callOf,
  cancellingCall,
  nextNonce,
  nextState,
  readBroadcastAnswer,
  sendDigest,
  signedTransaction,
  transactionHash,
  unsignedTransaction,
  type EvmSendIntent,
  type Fees,
  type MinedVersion,
  type SendCall,
  type SendState,
} from '@countersign/sends';
import { decodeAct, decodedActJson } from '@countersign/wallet-acts';
import type { EvmAddress } from '@countersign/wallet-proofs';
import type {
  OpenSend,
  ReadRequest,
  ReadySend,
  ReplacedVersion,
  SendPlan,
  SendPort,
  SendProgress,
  SigningCall,
} from '../ports/send-port';
import { sendError } from '../sending.errors';
import type { SendOutcome } from '../store/send-sealing';
import type { NodeAnswer, WalletNonceEntity } from '../store/send.entities';
import { SendsRepository } from '../store/sends.repository';
import { accept, Quotes, type Quote } from './quotes';
import { readTransaction } from './read-transaction';
import { Spendable } from './spendable';

/** That no transaction has: custody counts those of one nonce as one. */
const NO_NONCE = Number.MAX_SAFE_INTEGER;
/** Sends in no block that nodes have to hold for one wallet. */
const MAX_UNMINED = 64;

/** A transaction without its nonce. */
interface PricedCall extends Quote {
  readonly call: SendCall;
}

/** Sends on EVM chains: a transaction can be mined until its nonce is used. */
@Injectable()
export class EvmSends implements SendPort {
  constructor(
    private readonly quotes: Quotes,
    private readonly spendable: Spendable,
    private readonly port: EvmSending,
    private readonly custody: Custody,
    private readonly sends: SendsRepository,
    private readonly foreignUse: ForeignUse,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError as `Quotes.of`, and what `decodeAct` refuses */
  async plan(request: ReadRequest): Promise<SendPlan> {
    const { own, chain, caps, maxFee } = request;
    const intent = request.intent as EvmSendIntent;
    const call = callOf(intent, own.address as EvmAddress);
    const quote = await this.quotes.of(chain, own.address, call, below(caps, maxFee));
    const confirmed = { chain: chain.id, address: own.address, intent, maxFee: maxFee ?? quote.maxFee };
    return this.planOf(request, { call, ...quote }, sendDigest(confirmed));
  }

  /** The same with higher fees, or a transaction that moves nothing. @throws AppError as `plan` */
  async replacement(
    request: Omit<ReadRequest, 'intent'>,
    { kind, sendId, number, raw }: ReplacedVersion,
  ): Promise<SendPlan> {
    const { own, chain, maxFee } = request;
    const caps = below(request.caps, maxFee);
    const previous = readTransaction(raw);
    const call = kind === 'cancel' ? cancellingCall(own.address as EvmAddress) : previous.call;
    const gas = kind === 'cancel' ? await this.quotes.gas(chain, own.address, call, caps) : previous.gas;
    const quote = await this.quotes.replacing(previous.fees, chain, { call, gas }, caps);
    const digest = sha256(
      lengthPrefixed([
        ...['countersign wallet replacement', chain.id, own.address, kind, sendId],
        ...[String(number), String(maxFee ?? quote.maxFee)],
      ]),
    );
    return this.planOf(request, { call, ...quote }, digest, previous.nonce);
  }

  async broadcast(chain: Chain, raw: string): Promise<readonly NodeAnswer[]> {
    const hash = transactionHash(Buffer.from(raw.slice(2), 'hex'));
    return (await this.port.broadcast(chain, raw)).map((report) => answerOf(report, hash));
  }

  async look(chain: Chain, open: readonly OpenSend[]): Promise<readonly SendProgress[]> {
    const asked = open.map(({ send, address, raws }) => ({
      ...{ address, nonce: Number(send.nonce), wasMined: send.state === 'mined' },
      hashes: raws.map((raw) => transactionHash(Buffer.from(raw.slice(2), 'hex'))),
      calls: raws.map((raw) => readTransaction(raw).call),
    }));
    const views = await this.port.views(chain, asked);
    return open.map(({ send, outcome }, index): SendProgress => {
      const now = send.state === 'mined' ? (outcome as MinedVersion) : null;
      const { state } = nextState(
        now ? { name: 'mined', ...now } : { name: 'broadcasting' },
        Number(send.nonce),
        views[index] ?? [],
      );
      return { state: state.name, outcome: outcomeOf(state) };
    });
  }

  /** Decoded from the bytes, as what is only signed. */
  private planOf(
    { own, chain }: Omit<ReadRequest, 'intent'>,
    priced: PricedCall,
    digest: Buffer,
    nonce = NO_NONCE,
  ): SendPlan {
    const { layer1, maxFee, gas } = priced;
    const transaction = transactionOf(priced, 0);
    const decoded = decodeAct(
      { kind: 'transaction', transaction },
      {
        ...{ chain: chain.id, address: own.address, now: this.clock.now() },
        ...{ domains: [], allowedCalls: [], undecoded: 'sign' },
      },
    );
    if (!decoded.ok)
      throw walletActError(decoded.code, decoded.detail === undefined ? {} : { detail: decoded.detail });
    const read = decodedActJson(decoded.value);
    const details = {
      ...{ ...read, digest: digest.toString('hex'), maxFee: String(maxFee) },
      // No byte of the transaction says it.
      summary: [...read.summary, ...(layer1 > 0n ? [layer1Sentence(chain, layer1)] : [])],
    };
    return {
      chain,
      read: {
        digest,
        signing: null,
        // With all of the highest fee: what layer 1 takes less of it may be paid for gas.
        asked: this.asking(
          chain,
          own.address,
          transactionOf({ ...priced, fees: feesOf(maxFee, gas) }, nonce),
        ),
        details,
        trail: trailOf(decoded.value),
      },
      ready: () => this.ready(own, chain, { ...priced, details }),
    };
  }

  private async ready(
    { wallet: { id: walletId }, address }: ReadRequest['own'],
    chain: Chain,
    { details, ...priced }: PricedCall & Pick<SendPlan['read'], 'details'>,
  ): Promise<ReadySend> {
    const [counts, funds] = await Promise.all([
      this.port.nonces(chain, address),
      this.spendable.ask(chain, address, details),
    ]);
    return {
      assertFunds: (tx, wallet, sendId) =>
        this.spendable.assertLeft(tx, { wallet, chain, sendId, details }, funds),
      takeNonce: (tx, nonces) => this.takeNonce(tx, nonces, counts),
      sign: (call, nonce) => this.signed({ ...call, walletId }, address, chain, { ...priced, nonce }),
    };
  }

  private asking(chain: Chain, address: string, transaction: object): Signing {
    const at = Math.floor(this.clock.now().getTime() / 1_000);
    return { chain: chain.id, address, at, act: { kind: 'transaction', transaction } };
  }

  /** @param counts what nodes answered before the lock was taken: they may be behind what is stored */
  private async takeNonce(
    tx: EntityManager,
    nonces: WalletNonceEntity,
    counts: readonly number[],
  ): Promise<number> {
    const { walletId, chainId } = nonces;
    const stored = Number(nonces.next);
    const { nonce, isUsedElsewhere } = accept(nextNonce(stored, counts));
    // What the chain does not have yet must be sends that are stored: else a transaction would wait for one that is never sent.
    const missing = stored - Math.min(Math.max(...counts), stored);
    if (missing > 0 && (await this.sends.countFrom(tx, walletId, chainId, stored - missing)) < missing)
      throw sendError('send.nonces_missing');
    const unmined = await this.sends.countUnmined(tx, walletId, chainId, Math.min(...counts));
    if (unmined >= MAX_UNMINED) throw sendError('send.too_many_open');
    if (isUsedElsewhere) await this.foreignUse.note(tx, walletId);
    await this.sends.setNext(tx, nonces, nonce + 1);
    return nonce;
  }

  private async signed(
    { consent, ...call }: SigningCall & { readonly walletId: string },
    address: string,
    chain: Chain,
    priced: PricedCall & { readonly nonce: number },
  ): Promise<`0x${string}`> {
    const unsigned = unsignedTransaction({ chainId: chain.reference, ...priced });
    const signing = this.asking(chain, address, transactionOf(priced, priced.nonce));
    const signature = await this.custody.answer((client) => client.sign(call, signing, consent));
    const raw = `0x${signedTransaction(unsigned, signature).toString('hex')}` as const;
    const signer = await recoverTransactionAddress({ serializedTransaction: raw as never });
    // Custody has another key under this id.
    if (signer.toLowerCase() !== address) throw embeddedWalletError('wallet.key_missing');
    return raw;
  }
}

/** As `decodeAct` reads it. */
function transactionOf({ call, gas, fees }: PricedCall, nonce: number): object {
  const decimal = Object.fromEntries(
    Object.entries({ gas, ...fees }).map(([name, amount]) => [name, String(amount)]),
  );
  return { to: call.to, value: String(call.value), data: call.data, nonce, ...decimal };
}

/** At which so much gas costs at least the fee. */
function feesOf(maxFee: bigint, gas: bigint): Fees {
  return { maxFeePerGas: gas > 0n ? (maxFee + gas - 1n) / gas : 0n, maxPriorityFeePerGas: 0n };
}

function layer1Sentence({ id }: Chain, layer1: bigint): string {
  return `Pay about ${formatEther(layer1)} coins of ${id} more for layer 1.`;
}

/** The fee that a person has seen is the cap of the act. */
function below(ofChain: ChainSending, maxFee: bigint | null): EvmChainSending {
  const caps = ofChain as EvmChainSending;
  return maxFee === null || maxFee >= caps.maxFee ? caps : { ...caps, maxFee };
}

function answerOf({ node, reply }: BroadcastReport, hash: string): NodeAnswer {
  if ('reason' in reply) return { node, answer: 'unknown', code: null, words: reply.reason };
  const answer = readBroadcastAnswer(reply, hash);
  if ('result' in reply) return { node, answer, code: null, words: null };
  return { node, answer, code: reply.error.code, words: reply.error.message };
}

function outcomeOf(state: SendState): SendOutcome | null {
  if (state.name === 'replaced') return { by: state.by };
  if (!('version' in state)) return null;
  const { name: _, ...outcome } = state;
  return outcome;
}
