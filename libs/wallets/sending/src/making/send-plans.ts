import { Injectable } from '@nestjs/common';
import { Chains, type Chain, type ChainSending } from '@countersign/chains';
import { Database } from '@countersign/database';
import { ActReading, walletActError, type ReplacementKind } from '@countersign/embedded-wallets';
import { WalletKeys } from '@countersign/linked-wallets';
import { readSendIntent } from '@countersign/sends';
import { sendError } from '../sending.errors';
import { accept } from '../evm/quotes';
import type { ReadRequest, SendPlan, WantedSend } from '../ports/send-port';
import { SendPorts } from '../ports/send-ports';
import type { SendEntity } from '../store/send.entities';
import { SendsRepository } from '../store/sends.repository';
import { sealedRaw } from '../store/send-sealing';

/** A further version of a send that waits. */
interface ReplacementPlan extends SendPlan {
  readonly kind: ReplacementKind;
  readonly sendId: string;
  /** The number of the version that it replaces. */
  readonly replaced: number;
}

/** Reads requests to send, and asks nodes what they cost. */
@Injectable()
export class SendPlans {
  constructor(
    private readonly database: Database,
    private readonly chains: Chains,
    private readonly acts: ActReading,
    private readonly ports: SendPorts,
    private readonly sends: SendsRepository,
    private readonly keys: WalletKeys,
  ) {}

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
  async replacement(all: WantedSend, asked: ReplacementKind): Promise<ReplacementPlan> {
    const { own, wanted } = all;
    const sendId = String(wanted.request?.['sendId']);
    const { send, raw, number, isCancelling } = await this.latestOf(own.wallet.id, sendId);
    // Higher fees of what moves nothing move nothing either.
    const kind = isCancelling ? 'cancel' : asked;
    const on = this.chainOf(own, send.chainId);
    if (send.state !== 'broadcasting') throw sendError('send.settled');
    const replaced = { kind, sendId, number, raw };
    const plan = await this.ports.of(on.chain.id).replacement({ ...all, ...on }, replaced);
    return { ...plan, kind, sendId, replaced: number };
  }

  /** @throws AppError wallet.chain_mismatch, send.chain_off */
  chainOf(
    { wallet }: WantedSend['own'],
    chainId: string | undefined,
  ): { readonly chain: Chain; readonly caps: ChainSending } {
    const chain = this.chains.find(this.acts.chainOf(wallet, chainId));
    if (!chain?.sending) throw sendError('send.chain_off');
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
      if (!send) throw sendError('send.not_found');
      if (!version) throw sendError('send.settled');
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
