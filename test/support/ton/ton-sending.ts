import { Cell, toNano } from '@ton/core';
import { sign } from '@ton/crypto';
import type { Chain, TonAsset } from '@countersign/chains';
import {
  decideTonSend,
  messageOf,
  tonExternalMessage,
  tonTransferPayload,
  type TonOutcome,
  type TonExternalMessage,
  type TonMessage,
  type TonSend,
  type TonVerdict,
} from '@countersign/ton-sends';
import { RunningChains } from '../chains';
import { useFixture } from '../use-fixture';
import { aTonWallet } from '../wallets';
import { useTonApi, type TonApi } from './ton-api';
import { TonNetwork } from './ton-network';
import { TON, tonChains } from './ton-owner';

const LIFETIME_SECONDS = 60;

type OwnWallet = Pick<ReturnType<typeof aTonWallet>, 'contract' | 'secretKey'> & { readonly address: string };

export interface SignedTransfer extends TonExternalMessage {
  readonly seqno: number;
  readonly validUntil: number;
  readonly message: TonMessage;
}

/** Wallets that send in a sandboxed network, seen through two endpoints and indexers. */
export class TonSenders {
  constructor(
    readonly network: TonNetwork,
    readonly apis: readonly [TonApi, TonApi],
    private readonly running: RunningChains,
  ) {}

  get chain(): Chain {
    return this.running.chains.get(TON);
  }

  get configured(): readonly object[] {
    return chainsOf(this.apis);
  }

  /** With five coins, and without a contract yet. */
  async aWallet(): Promise<OwnWallet> {
    const { contract, secretKey } = aTonWallet('v5r1');
    await this.network.pay(contract.address, toNano('5'));
    return { contract, secretKey, address: contract.address.toRawString() };
  }

  signed({ contract, secretKey, address }: OwnWallet, send: TonSend, seqno = 0): SignedTransfer {
    const message = messageOf(send);
    const validUntil = this.network.time + LIFETIME_SECONDS;
    const payload = tonTransferPayload({ network: -239, seqno, validUntil, messages: [message] });
    const signature = sign(Cell.fromBoc(payload)[0]?.hash() ?? Buffer.alloc(0), secretKey);
    const made = tonExternalMessage(address, payload, signature, seqno === 0 ? contract.init : null);
    return { ...made, seqno, validUntil, message };
  }

  async broadcast({ boc }: SignedTransfer): Promise<readonly string[]> {
    return (await this.running.tonSending.broadcast(TON, boc)).map(({ answer }) => answer.outcome);
  }

  stateOf({ address }: OwnWallet) {
    return this.running.tonSending.wallet(this.chain, address);
  }

  lookUp({ address: wallet }: OwnWallet, { hash }: SignedTransfer) {
    return this.running.tonSending.lookUp(this.chain, { wallet, hash });
  }

  holderOf(owner: string, asset: TonAsset): Promise<string | null> {
    return this.running.tonSending.holderOf(this.chain, owner, asset);
  }

  async verdictOf(wallet: OwnWallet, transfer: SignedTransfer): Promise<TonVerdict> {
    const [states, lookUps] = [await this.stateOf(wallet), await this.lookUp(wallet, transfer)];
    return decideTonSend(
      transfer,
      states.map(({ answer }) => answer),
      lookUps.map(({ answer }) => answer),
    );
  }

  outcomeOf({ address: wallet }: OwnWallet, { hash, message }: SignedTransfer): Promise<TonOutcome> {
    return this.running.tonSending.outcome(this.chain, { wallet, hash, message });
  }

  /** Lets the time of the transfer pass in the network. */
  passTimeOf({ validUntil }: SignedTransfer): void {
    this.network.time = validUntil + 30;
  }
}

/** For all tests of a `describe`. */
export function useTonSenders(): TonSenders {
  const network = useFixture(() => TonNetwork.create());
  const apis = [useTonApi(network), useTonApi(network)] as const;
  const running = useFixture(() => RunningChains.start(chainsOf(apis)), {
    close: (chains) => chains.close(),
  });
  return new TonSenders(network, apis, running);
}

function chainsOf(apis: readonly TonApi[]): readonly object[] {
  return (JSON.parse(tonChains(apis)) as { readonly chains: readonly object[] }).chains;
}
