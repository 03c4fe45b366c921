import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import {
  agreedSeqno,
  chainUnavailable,
  NodeError,
  TonSending,
  type Chain,
  type NodeAnswer,
  type TonChainSending,
} from '@countersign/chains';
import { Clock } from '@countersign/runtime';
import { Custody, tonWalletIn } from '../../custody';
import { decode, trailOf } from '../../acts/wallet-signing';
import { embeddedWalletError } from '../../embedded-wallets.errors';
import { ForeignUse } from '../../own/foreign-use';
import { type Signing } from '@countersign/custody-protocol';
import { AppError } from '@countersign/text';
import {
  confirmedByTwo,
  type DecodedAct,
  decodedActJson,
  NODES_NEEDED,
  sendDigest,
  type TonSendIntent,
  type TonTransferAct,
} from '@countersign/wallet-acts';
import {
  decideTonSend,
  MAX_LIFETIME_SECONDS,
  messageOf,
  readTonExternalMessage,
  tonExternalMessage,
  tonTransferDigest,
  tonTransferPayload,
  type TonMessage,
  type TonSend,
  type TonTransfer,
  type SentMessage,
} from '@countersign/transfers';
import { isEd25519Signature } from '@countersign/wallet-proofs';
import type { IntendedSend, SendPlan, SendPort, SignSend } from '../send-plans';
import { refusal, sendError } from '../sending.errors';
import { SendsRepository } from '../store/sends.repository';
import type { SendProgress, StoredSend } from '../store/stored-sends';

/** Custody counts the lifetime by its own clock, which may be behind the chain's clock. */
const LIFETIME_SECONDS = MAX_LIFETIME_SECONDS - 10;
/** After this time of the chain, contracts that follow no standard are no longer awaited. */
const OUTCOME_SECONDS = 3_600;
const QUERY_ID_BYTES = 8;
/** Without these coins, the receiver gets no notice. */
const FORWARDED = 1n;

interface PricedMessage {
  readonly message: TonMessage;
  /** The most that leaves the wallet: the value and the network's fee. */
  readonly needed: bigint;
}

type SentTransfer = SentMessage & Pick<TonTransfer, 'seqno' | 'validUntil'>;

/** Sends on TON, one at a time for each wallet and valid for less than a minute. Two nodes and indexers decide. */
@Injectable()
export class TonSends implements SendPort {
  constructor(
    private readonly port: TonSending,
    private readonly custody: Custody,
    private readonly sends: SendsRepository,
    private readonly foreignUse: ForeignUse,
    private readonly clock: Clock,
  ) {}

  async plan(request: IntendedSend): Promise<SendPlan> {
    const { own, chain, maxFee: seen } = request;
    const intent = request.intent as TonSendIntent;
    const caps = request.caps as TonChainSending;
    const attached = intent.kind === 'coin' ? 0n : caps.attached;
    const maxFee = attached + caps.maxFee;
    if (seen !== null && seen < maxFee) throw refusal({ code: 'send.fee_above_cap' });
    const send = await this.sendOf(request, intent, attached);
    const message = messageOf(send);
    const transfer = transferAct(chain, message, { seqno: 0, validUntil: 0 });
    const askedAt = this.clock.now();
    const jettons = new Map(intent.kind === 'jetton' ? [[message.to, intent.master]] : []);
    const context = { chain: chain.id, address: own.address, now: askedAt, domains: [], jettons };
    const decoded = decode(transfer, context);
    const confirmed = { chain: chain.id, address: own.address, intent, maxFee: seen ?? maxFee };
    const act: DecodedAct = { ...decoded, digest: sendDigest(confirmed), maxFee };
    const details = decodedActJson(act);
    const needed = message.value + caps.maxFee;
    return {
      chain,
      read: {
        ...{ askedAt, digest: act.digest, signing: null, details, trail: trailOf(act) },
        asked: { chain: chain.id, address: own.address, at: secondsOf(askedAt), act: transfer },
      },
      prepare: () => this.prepare(own, chain, { message, needed }),
    };
  }

  private async sendOf(
    { chain, own: { address } }: IntendedSend,
    intent: TonSendIntent,
    attached: bigint,
  ): Promise<TonSend> {
    if (intent.kind === 'coin') {
      const said = await this.port.wallet(chain, intent.to);
      // Otherwise coins for a failing contract, or for a wrong address, stay there.
      const isEmpty =
        said.length >= NODES_NEEDED && said.every(({ answer }) => answer.state === 'uninitialized');
      return { ...intent, bounce: !isEmpty };
    }
    const holder = await this.port.holderOf(chain, address, intent);
    if (holder === null) throw sendError('send.would_fail');
    const queryId = randomBytes(QUERY_ID_BYTES).readBigUInt64BE();
    const more = { attached, forward: FORWARDED, responseTo: address, queryId };
    if (intent.kind === 'collectible') return { ...intent, ...more };
    const { master: _, ...jettons } = intent;
    return { ...jettons, jettonWallet: holder, ...more };
  }

  private async prepare(
    { wallet: { id: walletId, environment }, address }: IntendedSend['own'],
    chain: Chain,
    { message, needed }: PricedMessage,
  ): Promise<SignSend> {
    const [said, described] = await Promise.all([
      this.port.wallet(chain, address),
      this.custody.answer((client) => client.describe(walletId)),
    ]);
    const states = said.map(({ answer }) => answer);
    if (states.length < NODES_NEEDED) throw away();
    // The account is frozen, or another contract is at its address.
    if (states.every(({ seqno }) => seqno === null)) throw sendError('send.would_fail');
    const wallet = tonWalletIn(environment, described);
    // Custody has another key under this id.
    if (wallet.address !== address) throw embeddedWalletError('wallet.key_missing');
    const validUntil = Math.min(...states.map(({ shardTime }) => shardTime)) + LIFETIME_SECONDS;
    return async (tx, _wallet, { callId, consent }) => {
      // Only one send is in flight, so no other send takes from the balance.
      if (confirmedByTwo(states.map(({ balance }) => balance - needed)) < 0n)
        throw sendError('send.funds_too_low');
      const seqno = await this.takeSeqno(tx, walletId, chain.id, agreedSeqno(said));
      const transfer = transferOf(chain, message, { seqno, validUntil });
      const payload = tonTransferPayload(transfer);
      const signature = await this.signature(
        { callId, walletId },
        {
          ...{ chain: chain.id, address, at: secondsOf(this.clock.now()) },
          act: transferAct(chain, message, { seqno, validUntil }),
        },
        consent,
      );
      const publicKey = Buffer.from(described.tonPublicKey, 'hex');
      if (!isEd25519Signature(tonTransferDigest(transfer), signature, publicKey))
        throw embeddedWalletError('wallet.key_missing');
      const init = seqno === 0 ? wallet.init : null;
      const { boc } = tonExternalMessage(address, payload, signature, init);
      return { nonce: seqno, raw: `0x${boc.toString('hex')}` };
    };
  }

  /** Refuses until the result of the send before is known. @param agreed two endpoints' answer before the lock was taken */
  private async takeSeqno(
    tx: EntityManager,
    walletId: string,
    chainId: string,
    agreed: number | null,
  ): Promise<number> {
    const nonces = await this.sends.lockNonces(tx, walletId, chainId);
    if ((await this.sends.countUnmined(tx, walletId, chainId, 0)) > 0) throw sendError('send.too_many_open');
    if (agreed === null) throw refusal({ code: 'send.nonce_unknown' });
    const stored = Number(nonces.next);
    if (agreed < stored) throw sendError('send.nonces_missing');
    if (agreed > stored) await this.foreignUse.note(tx, walletId);
    await this.sends.setNext(tx, nonces, agreed + 1);
    return agreed;
  }

  private async signature(
    act: { readonly callId: string; readonly walletId: string },
    signing: Signing,
    consent: string | null,
  ): Promise<Buffer> {
    try {
      return await this.custody.answer((client) => client.sign(act, signing, consent));
    } catch (error) {
      throw error instanceof AppError && error.code === 'wallet.act_malformed' ? away() : error;
    }
  }

  broadcast(chain: Chain, raw: string): Promise<readonly NodeAnswer[]> {
    return this.port.broadcast(chain, raw);
  }

  look(chain: Chain, open: readonly StoredSend[]): Promise<readonly SendProgress[]> {
    return Promise.all(open.map((each) => this.lookAt(chain, each)));
  }

  private async lookAt(
    chain: Chain,
    { send, details: { address }, versions, outcome }: StoredSend,
  ): Promise<SendProgress> {
    const unchanged = { state: send.state, outcome };
    const { hash, transfer } = readTonExternalMessage(Buffer.from(versions[0]?.raw.slice(2) ?? '', 'hex'));
    const [message] = transfer.messages;
    if (!message) return unchanged;
    const sent = { ...transfer, wallet: address, hash, message };
    if (send.state === 'mined') return (await this.endOf(chain, sent)) ?? unchanged;
    const states = (await this.port.wallet(chain, address)).map(({ answer }) => answer);
    const isEarly = states.every(
      ({ seqno, shardTime }) => seqno === sent.seqno && shardTime < sent.validUntil,
    );
    // Then no indexer has anything of it either.
    if (isEarly) return unchanged;
    const lookUps = (await this.port.lookUp(chain, sent)).map(({ answer }) => answer);
    const verdict = decideTonSend(sent, states, lookUps);
    if (verdict === 'waiting') return unchanged;
    if (verdict !== 'mined') return { state: verdict, outcome: null };
    return (await this.endOf(chain, sent)) ?? { state: 'mined', outcome: null };
  }

  /** Null while not all contracts on the way have answered. */
  private async endOf(chain: Chain, sent: SentTransfer): Promise<SendProgress | null> {
    const outcome = await this.port.outcome(chain, sent);
    if (outcome === 'delivered') return { state: 'final', outcome: { outcome } };
    if (outcome !== 'unknown') return { state: 'failed', outcome: { outcome } };
    const lookUps = await this.port.lookUp(chain, sent);
    const isOver = lookUps.every(({ answer }) => answer.indexedTime >= sent.validUntil + OUTCOME_SECONDS);
    return lookUps.length >= NODES_NEEDED && isOver ? { state: 'final', outcome: { outcome } } : null;
  }
}

function secondsOf(instant: Date): number {
  return Math.floor(instant.getTime() / 1_000);
}

function away(): AppError {
  return chainUnavailable(new NodeError('away', { reason: 'too_few_nodes' }));
}

function transferOf(
  { reference }: Chain,
  message: TonMessage,
  when: Pick<TonTransfer, 'seqno' | 'validUntil'>,
): TonTransfer {
  return { network: reference === -3 ? -3 : -239, ...when, messages: [message] };
}

function transferAct(
  chain: Chain,
  message: TonMessage,
  when: Pick<TonTransfer, 'seqno' | 'validUntil'>,
): TonTransferAct {
  const payload = tonTransferPayload(transferOf(chain, message, when)).toString('base64');
  return { kind: 'ton-transfer', payload };
}
