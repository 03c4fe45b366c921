import { Injectable } from '@nestjs/common';
import { Chains, type Chain, type ChainSending } from '@countersign/chains';
import { Database } from '@countersign/database';
import {
  ActReading,
  ReadsSends,
  sendReadingError,
  walletActError,
  type ReadAct,
  type SendReader,
  type WantedAct,
} from '@countersign/embedded-wallets';
import { WalletKeys } from '@countersign/linked-wallets';
import { readSendIntent } from '@countersign/sends';
import { accept } from '../evm/quotes';
import {
  replacementKinds,
  type ReadRequest,
  type Replaced,
  type ReplacementKind,
  type SendPlan,
  type WantedSend,
} from '../ports/send-port';
import { SendPorts } from '../ports/send-ports';
import type { SendEntity } from '../store/send.entities';
import { SendsRepository } from '../store/sends.repository';
import { sealedRaw } from '../store/send-sealing';

/** A further version of a send that waits. */
interface ReplacementPlan extends SendPlan {
  readonly kind: ReplacementKind;
  /** The number of the version that it replaces. */
  readonly replaced: number;
}

/** Reads requests to send, and asks nodes what they cost. */
@Injectable()
@ReadsSends()
export class SendPlans implements SendReader {
  constructor(
    private readonly database: Database,
    private readonly chains: Chains,
    private readonly acts: ActReading,
    private readonly ports: SendPorts,
    private readonly sends: SendsRepository,
    private readonly keys: WalletKeys,
  ) {}

  /** For a token. @throws AppError as `plan` and `replacement` */
  async read(own: WantedSend['own'], wanted: WantedSend['wanted']): Promise<ReadAct> {
    const all = { own, wanted, maxFee: null };
    const replaced = readReplacement(wanted.request);
    return (await (replaced ? this.replacement(all, replaced) : this.plan(all))).read;
  }

  /**
   * What is asked for, without asking a node.
   * @throws AppError wallet.act_malformed, wallet.chain_mismatch, send.chain_off, and as `readSendIntent` refuses
   */
  intent(all: WantedSend): ReadRequest {
    const { own, wanted } = all;
    if (!wanted.request) throw walletActError('wallet.act_malformed');
    const on = this.chainOf(own, wanted.chainId);
    const intent = accept(readSendIntent(wanted.request, { chain: on.chain.id, address: own.address }));
    return { ...all, ...on, intent };
  }

  /** @throws AppError as `intent`, and as the port of the chain refuses */
  async plan(all: WantedSend): Promise<SendPlan> {
    const request = this.intent(all);
    return this.ports.of(request.chain.id).plan(request);
  }

  /**
   * A further version of a send: the same with higher fees, or one that moves nothing.
   * @throws AppError send.not_found, send.settled, and as `plan`
   */
  async replacement(all: WantedSend, { kind: asked, sendId }: Replaced): Promise<ReplacementPlan> {
    const { own, wanted } = all;
    const { send, raw, number, isCancelling } = await this.latestOf(own.wallet.id, sendId);
    // Higher fees of what moves nothing move nothing either.
    const kind = isCancelling ? 'cancel' : asked;
    const on = this.chainOf(own, wanted.chainId);
    if (send.chainId !== on.chain.id) throw walletActError('wallet.chain_mismatch');
    if (send.state !== 'broadcasting') throw sendReadingError('send.settled');
    const replaced = { kind, sendId, number, raw };
    const plan = await this.ports.of(on.chain.id).replacement({ ...all, ...on }, replaced);
    return { ...plan, kind, replaced: number };
  }

  /** @throws AppError wallet.chain_mismatch, send.chain_off */
  chainOf(
    { wallet }: WantedSend['own'],
    chainId: string | undefined,
  ): { readonly chain: Chain; readonly caps: ChainSending } {
    const chain = this.chains.find(this.acts.chainOf(wallet, chainId));
    if (!chain?.sending) throw sendReadingError('send.chain_off');
    return { chain, caps: chain.sending };
  }

  private async latestOf(
    walletId: string,
    sendId: string,
  ): Promise<{
    readonly send: SendEntity;
    readonly raw: string;
    readonly number: number;
    readonly isCancelling: boolean;
  }> {
    return this.database.read(async (manager) => {
      const send = await this.sends.find(manager, walletId, sendId);
      const version = send && (await this.sends.versionsOf(manager, [sendId])).at(-1);
      if (!send) throw sendReadingError('send.not_found');
      if (!version) throw sendReadingError('send.settled');
      const wallet = await this.keys.readOne(manager, walletId);
      return {
        send,
        raw: sealedRaw.open(wallet.dataKey, [sendId, version.number], version.raw),
        number: version.number,
        isCancelling: version.kind === 'cancel',
      };
    });
  }
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
