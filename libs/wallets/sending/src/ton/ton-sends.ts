import { Injectable } from '@nestjs/common';
import { TonSending, type Chain, type NodeAnswer } from '@countersign/chains';
import { NODES_NEEDED } from '@countersign/sends';
import { decideTonSend, readTonExternalMessage, type TonTransfer } from '@countersign/ton-sends';
import type { IntendedSend, SendPlan, SendPort } from '../send-plans';
import type { SendProgress, StoredSend } from '../store/stored-sends';
import { TonPlans } from './ton-plans';

/** By the time of the chain after which contracts that follow no standard are looked for no more. */
const OUTCOME_SECONDS = 3_600;

/** A send with its message. */
interface SentTransfer extends Pick<TonTransfer, 'seqno' | 'validUntil'> {
  readonly wallet: string;
  readonly hash: string;
  readonly message: TonTransfer['messages'][number];
}

/** Sends on TON: a message is good for less than a minute, and two endpoints and two indexers decide what became of it. */
@Injectable()
export class TonSends implements SendPort {
  constructor(
    private readonly plans: TonPlans,
    private readonly port: TonSending,
  ) {}

  plan(request: IntendedSend): Promise<SendPlan> {
    return this.plans.plan(request);
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
    // An indexer has nothing of it either.
    if (isEarly) return unchanged;
    const lookUps = (await this.port.lookUp(chain, sent)).map(({ answer }) => answer);
    const verdict = decideTonSend(sent, states, lookUps);
    if (verdict === 'waiting') return unchanged;
    if (verdict !== 'mined') return { state: verdict, outcome: null };
    return (await this.endOf(chain, sent)) ?? { state: 'mined', outcome: null };
  }

  /** Null while the contracts on the way have not all answered. */
  private async endOf(chain: Chain, sent: SentTransfer): Promise<SendProgress | null> {
    const outcome = await this.port.outcome(chain, sent);
    if (outcome === 'delivered') return { state: 'final', outcome: { outcome } };
    if (outcome !== 'unknown') return { state: 'failed', outcome: { outcome } };
    const lookUps = await this.port.lookUp(chain, sent);
    const isOver = lookUps.every(({ answer }) => answer.indexedTime >= sent.validUntil + OUTCOME_SECONDS);
    return lookUps.length >= NODES_NEEDED && isOver ? { state: 'final', outcome: { outcome } } : null;
  }
}
