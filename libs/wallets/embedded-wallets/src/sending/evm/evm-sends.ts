import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { formatEther, recoverTransactionAddress } from 'viem';
import { EvmSending, type Chain, type EvmChainSending, type NodeAnswer } from '@countersign/chains';
import { Clock } from '@countersign/runtime';
import { lengthPrefixed, sha256 } from '@countersign/crypto';
import { Custody } from '../../custody';
import { decode, trailOf } from '../../acts/wallet-signing';
import { embeddedWalletError } from '../../embedded-wallets.errors';
import { ForeignUse } from '../../own/foreign-use';
import { type ReplacementKind } from '../../acts/acts';
import { type Signing } from '@countersign/custody-protocol';
import { AppError } from '@countersign/text';
import {
  callOf,
  cancellingCall,
  decodedActJson,
  type EvmSendIntent,
  type Fees,
  type MinedVersion,
  nextNonce,
  nextState,
  sendDigest,
  type SendState,
  signedTransaction,
  unsignedTransaction,
} from '@countersign/wallet-acts';
import type { EvmAddress } from '@countersign/wallet-proofs';
import type { IntendedSend, PlaceableSend, SendPlan, SendPort, SigningCall, SignSend } from '../send-plans';
import { accept, sendError } from '../sending.errors';
import { SendsRepository } from '../store/sends.repository';
import type { SendOutcome, SendProgress, StoredSend } from '../store/stored-sends';
import { Quotes, type PricedCall } from './quotes';
import { readTransaction } from './read-transaction';
import { Spendable } from './spendable';

/** No transaction has this nonce. Custody counts the transactions of one nonce as one. */
const NO_NONCE = Number.MAX_SAFE_INTEGER;

interface DecodedCall extends PricedCall {
  readonly details: SendPlan['read']['details'];
}

/** Sends on EVM chains, where a transaction can be mined until its nonce is used. */
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

  async plan(request: IntendedSend): Promise<SendPlan> {
    const { own, chain, maxFee } = request;
    const intent = request.intent as EvmSendIntent;
    const call = callOf(intent, own.address as EvmAddress);
    const priced = { call, ...(await this.quotes.of(chain, own.address, call, capsOf(request))) };
    const confirmed = { chain: chain.id, address: own.address, intent, maxFee: maxFee ?? priced.maxFee };
    return this.planOf(request, priced, sendDigest(confirmed));
  }

  /** @param nonce of the send that gets a further version */
  private planOf(
    { own, chain }: PlaceableSend,
    priced: PricedCall,
    digest: Buffer,
    nonce: number = NO_NONCE,
  ): SendPlan {
    const { layer1, maxFee, gas } = priced;
    const askedAt = this.clock.now();
    const decoded = decode(
      { kind: 'transaction', transaction: transactionOf(priced, 0) },
      { chain: chain.id, address: own.address, now: askedAt, domains: [] },
    );
    const read = decodedActJson(decoded);
    // No byte of the transaction contains this fee.
    const ofLayer1 =
      layer1 > 0n ? [`Pay about ${formatEther(layer1)} coins of ${chain.id} more for layer 1.`] : [];
    const details = {
      ...{ ...read, digest: digest.toString('hex'), maxFee: String(maxFee) },
      summary: [...read.summary, ...ofLayer1],
    };
    // The highest fee counts completely: gas may cost what layer 1 leaves of it.
    const dearest = { ...priced, fees: feesOf(maxFee, gas) };
    const asked = this.signing(chain, own.address, transactionOf(dearest, nonce));
    return {
      chain,
      read: { askedAt, digest, signing: null, asked, details, trail: trailOf(decoded) },
      prepare: () => this.prepare(own, chain, { ...priced, details }),
    };
  }

  /** Returns a version of a waiting transaction with higher fees, or a version that moves nothing. */
  async replacement(
    request: PlaceableSend,
    { send, versions }: StoredSend,
    kind: ReplacementKind,
  ): Promise<SendPlan> {
    const { own, chain, maxFee } = request;
    const caps = capsOf(request);
    const previous = readTransaction(versions.at(-1)?.raw ?? '');
    const call = kind === 'cancel' ? cancellingCall(own.address as EvmAddress) : previous.call;
    const gas = kind === 'cancel' ? await this.quotes.gas(chain, own.address, call, caps) : previous.gas;
    const quote = await this.quotes.replacing(previous.fees, chain, { call, gas }, caps);
    const digest = sha256(
      lengthPrefixed([
        ...['countersign wallet replacement', chain.id, own.address, kind, send.id],
        ...[String(versions.length), String(maxFee ?? quote.maxFee)],
      ]),
    );
    return this.planOf(request, { call, ...quote }, digest, previous.nonce);
  }

  private async prepare(
    { address }: IntendedSend['own'],
    chain: Chain,
    decoded: DecodedCall,
  ): Promise<SignSend> {
    const { details } = decoded;
    const [counts, funds] = await Promise.all([
      this.port.nonces(chain, address),
      this.spendable.ask(chain, address, details),
    ]);
    return async (tx, wallet, call) => {
      await this.spendable.assertLeft(tx, { wallet, chain, sendId: call.sendId, details }, funds);
      const nonce = call.nonce ?? (await this.takeNonce(tx, wallet.walletId, chain.id, counts));
      const raw = await this.signed({ ...call, nonce, walletId: wallet.walletId }, address, chain, decoded);
      return { nonce, raw };
    };
  }

  /** @param counts the nodes' answers before the lock was taken; they may be behind the stored nonce */
  private async takeNonce(
    tx: EntityManager,
    walletId: string,
    chainId: string,
    counts: readonly number[],
  ): Promise<number> {
    const nonces = await this.sends.lockNonces(tx, walletId, chainId);
    const stored = Number(nonces.next);
    const { nonce, isUsedElsewhere } = accept(nextNonce(stored, counts));
    // Stored sends must fill the nonces that the chain lacks. Otherwise a transaction waits for one that never comes.
    const missing = stored - Math.min(Math.max(...counts), stored);
    if (missing > 0 && (await this.sends.countFrom(tx, walletId, chainId, stored - missing)) < missing)
      throw sendError('send.nonces_missing');
    if (isUsedElsewhere) await this.foreignUse.note(tx, walletId);
    await this.sends.setNext(tx, nonces, nonce + 1);
    return nonce;
  }

  private async signed(
    { callId, consent, nonce, walletId }: SigningCall & { readonly nonce: number; readonly walletId: string },
    address: string,
    chain: Chain,
    priced: PricedCall,
  ): Promise<string> {
    const unsigned = unsignedTransaction({ chainId: chain.reference, ...priced, nonce });
    const signing = this.signing(chain, address, transactionOf(priced, nonce));
    const signature = await this.custody
      .answer((client) => client.sign({ callId, walletId }, signing, consent))
      .catch((error: unknown) => {
        const isFull = error instanceof AppError && error.code === 'wallet.nonce_outside';
        throw isFull ? sendError('send.too_many_open', { cause: error }) : error;
      });
    const raw = `0x${signedTransaction(unsigned, signature).toString('hex')}` as const;
    const signer = await recoverTransactionAddress({ serializedTransaction: raw as never });
    // Custody has another key under this id.
    if (signer.toLowerCase() !== address) throw embeddedWalletError('wallet.key_missing');
    return raw;
  }

  private signing(chain: Chain, address: string, transaction: object): Signing {
    const at = Math.floor(this.clock.now().getTime() / 1_000);
    return { chain: chain.id, address, at, act: { kind: 'transaction', transaction } };
  }

  broadcast(chain: Chain, raw: string): Promise<readonly NodeAnswer[]> {
    return this.port.broadcast(chain, raw);
  }

  async look(chain: Chain, open: readonly StoredSend[]): Promise<readonly SendProgress[]> {
    const asked = open.map(({ send, details, versions }) => ({
      ...{ address: details.address, nonce: Number(send.nonce), wasMined: send.state === 'mined' },
      hashes: versions.map(({ hash }) => hash),
      calls: versions.map(({ raw }) => readTransaction(raw).call),
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
}

/** The fee that the person saw is the limit of the act. */
function capsOf({ caps, maxFee }: PlaceableSend): EvmChainSending {
  const ofChain = caps as EvmChainSending;
  return maxFee === null || maxFee >= ofChain.maxFee ? ofChain : { ...ofChain, maxFee };
}

function transactionOf({ call, gas, fees }: PricedCall, nonce: number): object {
  const decimal = Object.fromEntries(
    Object.entries({ gas, ...fees }).map(([name, amount]) => [name, String(amount)]),
  );
  return { to: call.to, value: String(call.value), data: call.data, nonce, ...decimal };
}

/** The lowest fees at which the gas costs at least `maxFee`. */
function feesOf(maxFee: bigint, gas: bigint): Fees {
  return { maxFeePerGas: gas > 0n ? (maxFee + gas - 1n) / gas : 0n, maxPriorityFeePerGas: 0n };
}

function outcomeOf(state: SendState): SendOutcome | null {
  if (state.name === 'replaced') return { by: state.by };
  if (!('version' in state)) return null;
  const { name: _, ...outcome } = state;
  return outcome;
}
