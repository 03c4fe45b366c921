import { Injectable } from '@nestjs/common';
import { Chains, type Chain, type ChainSending } from '@countersign/chains';
import { Clock } from '@countersign/clock';
import { lengthPrefixed, sha256 } from '@countersign/crypto';
import { Database } from '@countersign/database';
import {
  ActReading,
  contextOf,
  embeddedWalletError,
  ReadsSends,
  sendReadingError,
  trailOf,
  walletActError,
  type EmbeddedWalletSettings,
  type ReadAct,
  type SendReader,
  type WantedAct,
} from '@countersign/embedded-wallets';
import { WalletKeys, walletError, type OwnWallet } from '@countersign/linked-wallets';
import {
  callOf,
  cancellingCall,
  greatestFee,
  readSendIntent,
  replacementFees,
  sendDigest,
  type EvmSendIntent,
  type Fees,
  type SendCall,
} from '@countersign/sends';
import { decodeAct, decodedActJson, type DecodedActJson } from '@countersign/wallet-acts';
import type { EvmAddress } from '@countersign/wallet-proofs';
import type { SendEntity } from '../store/send.entities';
import { SendsRepository } from '../store/sends.repository';
import { readTransaction } from '../store/read-transaction';
import { sealedRaw } from '../store/send-sealing';
import { accept, Quotes, type Quote } from './quotes';

/** What a person lets a wallet send, and the transaction that does it without its nonce. */
export interface SendPlan extends Quote {
  readonly chain: Chain;
  readonly call: SendCall;
  readonly read: ReadAct;
  /** What the bytes say. */
  readonly details: DecodedActJson;
}

/** A further version of a send that waits. */
export interface ReplacementPlan extends SendPlan {
  readonly kind: ReplacementKind;
  /** The number of the version that it replaces. */
  readonly replaced: number;
}

export const replacementKinds = ['speed-up', 'cancel'] as const;
export type ReplacementKind = (typeof replacementKinds)[number];

/** What is asked for, and who asks. */
export interface WantedSend {
  readonly own: Pick<OwnWallet, 'wallet' | 'address'>;
  readonly wanted: Pick<WantedAct, 'chainId' | 'request'>;
  readonly settings: EmbeddedWalletSettings;
  /** The greatest fee that the person has seen; null where it is asked for. */
  readonly maxFee: bigint | null;
}

/** Reads requests to send, and asks nodes what they cost. */
@Injectable()
@ReadsSends()
export class SendPlans implements SendReader {
  constructor(
    private readonly database: Database,
    private readonly chains: Chains,
    private readonly acts: ActReading,
    private readonly quotes: Quotes,
    private readonly sends: SendsRepository,
    private readonly keys: WalletKeys,
    private readonly clock: Clock,
  ) {}

  /** For a token. @throws AppError as `plan` and `replacement` */
  async read(
    own: WantedSend['own'],
    wanted: WantedSend['wanted'],
    settings: EmbeddedWalletSettings,
  ): Promise<ReadAct> {
    assertOn(settings);
    const all = { own, wanted, settings, maxFee: null };
    const replaced = readReplacement(wanted.request);
    return (await (replaced ? this.replacement(all, replaced) : this.plan(all))).read;
  }

  /**
   * What is asked for, without asking a node.
   * @throws AppError wallet.act_malformed, wallet.chain_mismatch, send.chain_off, and as `readSendIntent` refuses
   */
  intent({ own, wanted: { chainId, request } }: WantedSend): {
    readonly chain: Chain;
    readonly caps: ChainSending;
    readonly intent: EvmSendIntent;
  } {
    if (own.wallet.provider !== 'ethereum' || !request) throw walletActError('wallet.act_malformed');
    const { chain, caps } = this.chainOf(own, chainId);
    const intent = accept(readSendIntent(request, { chain: chain.id, address: own.address }));
    return { chain, caps, intent: intent as EvmSendIntent };
  }

  /** @throws AppError as `intent`, `Quotes.of`, and what `decodeAct` refuses */
  async plan(all: WantedSend): Promise<SendPlan> {
    const { own, maxFee } = all;
    const { chain, caps, intent } = this.intent(all);
    const call = callOf(intent, own.address as EvmAddress);
    const quote = await this.quotes.of(chain, own.address, call, below(caps, maxFee));
    const confirmed = { chain: chain.id, address: own.address, intent, maxFee: maxFee ?? quote.maxFee };
    return {
      ...{ chain, call, ...quote },
      ...this.readOf(all, { chain, call, ...quote }, sendDigest(confirmed)),
    };
  }

  /**
   * A further version of a send: the same with higher fees, or one that moves nothing.
   * @throws AppError send.not_found, send.settled, and as `plan`
   */
  async replacement(all: WantedSend, { kind, sendId }: Replaced): Promise<ReplacementPlan> {
    const { own, wanted, maxFee } = all;
    const { send, raw, number } = await this.latestOf(own.wallet.id, sendId);
    const { chain, caps: ofChain } = this.chainOf(own, wanted.chainId);
    if (send.chainId !== chain.id) throw walletActError('wallet.chain_mismatch');
    if (send.state !== 'broadcasting') throw sendReadingError('send.settled');
    const caps = below(ofChain, maxFee);
    const previous = readTransaction(raw);
    const call = kind === 'cancel' ? cancellingCall(own.address as EvmAddress) : previous.call;
    const gas = kind === 'cancel' ? await this.quotes.gas(chain, own.address, call, caps) : previous.gas;
    const fresh = await this.quotes.fees(chain, gas, caps);
    const fees: Fees = accept(replacementFees(previous.fees, fresh, gas, caps));
    const quote = { gas, fees, maxFee: greatestFee(gas, fees) };
    const digest = sha256(
      lengthPrefixed([
        ...['countersign wallet replacement', chain.id, own.address, kind, sendId],
        ...[String(number), String(maxFee ?? quote.maxFee)],
      ]),
    );
    const read = this.readOf(all, { chain, call, ...quote }, digest);
    return { chain, call, ...quote, ...read, kind, replaced: number };
  }

  private chainOf(
    { wallet }: WantedSend['own'],
    chainId: string | undefined,
  ): { readonly chain: Chain; readonly caps: ChainSending } {
    const chain = this.chains.find(this.acts.chainOf(wallet, chainId));
    if (!chain?.sending) throw sendReadingError('send.chain_off');
    return { chain, caps: chain.sending };
  }

  /** Decoded from the bytes, as what is only signed. */
  private readOf(
    { own, settings }: WantedSend,
    { chain, call, gas, fees }: Pick<SendPlan, 'chain' | 'call' | 'gas' | 'fees'>,
    digest: Buffer,
  ): Pick<SendPlan, 'read' | 'details'> {
    const decimal = Object.fromEntries(
      Object.entries({ gas, ...fees }).map(([name, amount]) => [name, String(amount)]),
    );
    const transaction = { to: call.to, value: String(call.value), data: call.data, nonce: 0, ...decimal };
    const context = { chain: chain.id, address: own.address, now: this.clock.now(), ...contextOf(settings) };
    const decoded = decodeAct({ kind: 'transaction', transaction }, context);
    if (!decoded.ok)
      throw walletActError(decoded.code, decoded.detail === undefined ? {} : { detail: decoded.detail });
    const details = { ...decodedActJson(decoded.value), digest: digest.toString('hex') };
    return { details, read: { digest, signing: null, details, trail: trailOf(decoded.value) } };
  }

  private async latestOf(
    walletId: string,
    sendId: string,
  ): Promise<{ readonly send: SendEntity; readonly raw: string; readonly number: number }> {
    return this.database.read(async (manager) => {
      const send = await this.sends.find(manager, walletId, sendId);
      const version = send && (await this.sends.versionsOf(manager, [sendId])).at(-1);
      if (!send || !version) throw sendReadingError('send.not_found');
      const wallet = (await this.keys.read(manager, [walletId])).get(walletId);
      if (!wallet) throw walletError('wallet.not_found');
      return {
        send,
        raw: sealedRaw.open(wallet.dataKey, [sendId, version.number], version.raw),
        number: version.number,
      };
    });
  }
}

export interface Replaced {
  readonly kind: ReplacementKind;
  readonly sendId: string;
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Null for another request. @throws AppError wallet.act_malformed, send.not_found */
function readReplacement(request: WantedAct['request']): Replaced | null {
  const kind = replacementKinds.find((known) => known === request?.['kind']);
  if (kind === undefined) return null;
  const { sendId, kind: _, ...others } = request ?? {};
  if (Object.keys(others).length > 0 || typeof sendId !== 'string')
    throw walletActError('wallet.act_malformed');
  if (!UUID.test(sendId)) throw sendReadingError('send.not_found');
  return { kind, sendId };
}

/** The fee that a person has seen is the cap of the act. */
function below(caps: ChainSending, maxFee: bigint | null): ChainSending {
  return maxFee === null || maxFee >= caps.maxFee ? caps : { ...caps, maxFee };
}

/** Before a node is asked. @throws AppError wallet.act_not_allowed */
export function assertOn({ acts }: EmbeddedWalletSettings): void {
  if (!acts.includes('send')) throw embeddedWalletError('wallet.act_not_allowed');
}

export function assertEmbedded({ wallet }: WantedSend['own']): void {
  if (wallet.kind !== 'embedded') throw embeddedWalletError('wallet.not_embedded');
}
