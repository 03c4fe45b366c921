import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Chains, type Chain, type ChainSending, type NodeAnswer } from '@countersign/chains';
import { chainOf } from '../acts/wallet-signing';
import { walletActError } from '../embedded-wallets.errors';
import { type ActInput, type ReadAct } from '../acts/acts';
import type { OpenedWallet, OwnWallet } from '@countersign/linked-wallets';
import { type DecodedActJson, readSendIntent, type SendIntent } from '@countersign/wallet-acts';
import { accept, sendError } from './sending.errors';
import type { SendProgress, StoredSend } from './store/stored-sends';

export interface WantedSend {
  readonly own: Pick<OwnWallet, 'wallet' | 'address'>;
  readonly wanted: ActInput;
  /** The highest fee that the person saw; null while the act is asked for. */
  readonly maxFee: bigint | null;
}

export interface PlaceableSend extends WantedSend {
  readonly chain: Chain;
  readonly caps: ChainSending;
}

export interface IntendedSend extends PlaceableSend {
  readonly intent: SendIntent;
}

export interface SendPlan {
  readonly chain: Chain;
  /** Contains what the bytes say and the most that they cost. */
  readonly read: ReadAct & { readonly details: DecodedActJson };
  readonly prepare: () => Promise<SignSend>;
}

/**
 * Checks that the wallet's free funds cover the send, takes its next nonce, and lets custody sign. It asks no
 * node.
 */
export type SignSend = (tx: EntityManager, wallet: OpenedWallet, call: SigningCall) => Promise<SignedSend>;

export interface SigningCall {
  readonly callId: string;
  /** The consent's id; null if custody asks for none. */
  readonly consent: string | null;
  readonly sendId: string;
  /** The nonce of the send that gets a further version; null for the next nonce. */
  readonly nonce: number | null;
}

interface SignedSend {
  readonly nonce: number;
  /** `0x` and hex. */
  readonly raw: string;
}

export interface SendPort {
  plan(request: IntendedSend): Promise<SendPlan>;

  /** Sends the bytes to all nodes. Their answers decide nothing. */
  broadcast(chain: Chain, raw: string): Promise<readonly NodeAnswer[]>;

  /** Asks two nodes what became of the sends. The answers have the same order. */
  look(chain: Chain, open: readonly StoredSend[]): Promise<readonly SendProgress[]>;
}

export const SEND_PORTS = Symbol('ports of sends');

@Injectable()
export class SendPlans {
  constructor(
    private readonly chains: Chains,
    @Inject(SEND_PORTS) private readonly ports: Readonly<Record<Chain['kind'], SendPort>>,
  ) {}

  async plan(all: WantedSend): Promise<SendPlan> {
    const request = this.intent(all);
    return this.ports[request.chain.kind].plan(request);
  }

  intent(all: WantedSend): IntendedSend {
    const { own, wanted } = all;
    if (!wanted.request) throw walletActError('wallet.act_malformed');
    const on = this.chainOf(own, wanted.chainId);
    const intent = accept(readSendIntent(wanted.request, { chain: on.chain.id, address: own.address }));
    return { ...all, ...on, intent };
  }

  chainOf(
    { wallet }: Pick<OwnWallet, 'wallet'>,
    chainId: string | undefined,
  ): Pick<PlaceableSend, 'chain' | 'caps'> {
    const chain = this.chains.find(chainOf(this.chains, wallet, chainId));
    if (!chain?.sending) throw sendError('send.chain_off');
    return { chain, caps: chain.sending };
  }

  /** Null for a chain that is no longer configured. */
  portOf(chainId: string): { readonly chain: Chain; readonly port: SendPort } | null {
    const chain = this.chains.find(chainId);
    return chain && { chain, port: this.ports[chain.kind] };
  }
}
