import type { EntityManager } from 'typeorm';
import type { Chain, ChainSending } from '@countersign/chains';
import type { ActRequest, ReadAct, ReplacementKind } from '@countersign/embedded-wallets';
import type { OpenedWallet, OwnWallet } from '@countersign/linked-wallets';
import type { SendIntent } from '@countersign/sends';
import type { DecodedActJson } from '@countersign/wallet-acts';
import type { NodeAnswer, SendEntity, StoredState, WalletNonceEntity } from '../store/send.entities';
import type { SendOutcome } from '../store/send-sealing';

/** What is asked for, and who asks. */
export interface WantedSend {
  readonly own: Pick<OwnWallet, 'wallet' | 'address'>;
  readonly wanted: ActRequest;
  /** The greatest fee that the person has seen; null where it is asked for. */
  readonly maxFee: bigint | null;
}

/** A request that was read, on a chain that sends. */
export interface ReadRequest extends WantedSend {
  readonly chain: Chain;
  readonly caps: ChainSending;
  readonly intent: SendIntent;
}

/** What a person lets a wallet send, as nodes said what it costs. */
export interface SendPlan {
  readonly chain: Chain;
  /** With what the bytes say, and the most that they cost. */
  readonly read: ReadAct & { readonly details: DecodedActJson };
  /**
   * Asks nodes for what the bytes need.
   * @throws AppError send.funds_too_low, send.funds_unknown
   */
  readonly ready: () => Promise<ReadySend>;
}

/** A signature, and the consent of the person where custody asks for one. */
export interface SigningCall {
  readonly callId: string;
  readonly consent: string | null;
}

/** A send that can be signed without asking a node. */
export interface ReadySend {
  /**
   * Whether the wallet has what the send takes, without what is too new and what its other sends take. In the transaction that
   * stores the send, under the lock of the account.
   * @throws AppError send.funds_too_low
   */
  readonly assertFunds: (tx: EntityManager, wallet: OpenedWallet, sendId: string) => Promise<void>;
  /**
   * Takes the next nonce of the wallet in the transaction that stores the send and has locked its nonces.
   * @throws AppError send.nonce_unknown, send.nonce_implausible, send.nonces_missing, send.too_many_open
   */
  readonly takeNonce: (tx: EntityManager, nonces: WalletNonceEntity) => Promise<number>;
  /** @returns the bytes: `0x` and hex @throws AppError wallet.custody_unavailable, wallet.key_missing */
  readonly sign: (call: SigningCall, nonce: number) => Promise<`0x${string}`>;
}

/** The version that a further one replaces. */
export interface ReplacedVersion {
  readonly kind: ReplacementKind;
  readonly sendId: string;
  readonly number: number;
  readonly raw: string;
}

/** A send that waits or is in a block, with what it is found by. */
export interface OpenSend {
  readonly send: SendEntity;
  /** Of the wallet, as it is stored. */
  readonly address: string;
  /** The bytes of all versions, oldest first. */
  readonly raws: readonly string[];
  readonly outcome: SendOutcome | null;
}

/** What became of a send. */
export interface SendProgress {
  readonly state: StoredState;
  readonly outcome: SendOutcome | null;
}

/** How wallets send on one kind of chain. */
export interface SendPort {
  /** @throws AppError for what nodes or the caps of the chain refuse */
  plan(request: ReadRequest): Promise<SendPlan>;

  /** A further version of a send that waits. @throws AppError as `plan` */
  replacement(request: Omit<ReadRequest, 'intent'>, replaced: ReplacedVersion): Promise<SendPlan>;

  /** Gives the bytes to all nodes. What they answer decides nothing. */
  broadcast(chain: Chain, raw: string): Promise<readonly NodeAnswer[]>;

  /** What became of sends, by two nodes: in their order. */
  look(chain: Chain, open: readonly OpenSend[]): Promise<readonly SendProgress[]>;
}
