import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Clock } from '@countersign/clock';
import { Database } from '@countersign/database';
import {
  ActMetrics,
  embeddedWalletError,
  sendReadingError,
  WalletTokens,
  type ForeignToken,
  type ReadAct,
} from '@countersign/embedded-wallets';
import { OwnWallets, WalletKeys, type OpenedWallet } from '@countersign/linked-wallets';
import { sendDigest } from '@countersign/sends';
import type { Principal } from '@countersign/sessions';
import { UsersService } from '@countersign/users';
import { Broadcasts, nextBroadcastAt } from '../following/broadcasts';
import { sendError } from '../sending.errors';
import { SendsRepository } from '../store/sends.repository';
import { keyDigest, requestDigest, sealedRaw, sealedSend } from '../store/send-sealing';
import type { WantedSend, Replaced } from '../ports/send-port';
import { SendPlans } from './send-plans';
import { SendReplacements } from './send-replacements';
import { SendSigning } from './send-signing';

/** A call to send. */
interface SendCallOfPerson {
  readonly walletToken: string;
  /** Of the caller's choice: the same one always answers the same send. */
  readonly key: string;
  readonly chainId: string;
  readonly request: Readonly<Record<string, unknown>>;
  readonly maxFee: bigint;
}

/** A call of a compatible API: the person has seen no fee, so that only the chain caps it. */
type SendCallOfCompat = Pick<SendCallOfPerson, 'key' | 'chainId' | 'request'>;

type ReplacementCall = Pick<SendCallOfPerson, 'walletToken' | 'maxFee'> & Replaced;

type WantedCall = Pick<SendCallOfPerson, 'chainId' | 'request'> & Pick<WantedSend, 'maxFee'>;

/** What lets a session send. */
interface Permit {
  readonly isCompat: boolean;
  /** Before a node is asked. */
  readonly assert: () => Promise<void>;
  /** @returns the consent that it came with */
  readonly use: (tx: EntityManager, read: ReadAct) => Promise<string | null>;
}

interface NewSend {
  /** Digest of what is sent. */
  readonly asked: Buffer;
  readonly permit: Permit;
}

/** Sends from embedded wallets, each once. */
@Injectable()
export class Sending {
  constructor(
    private readonly database: Database,
    private readonly wallets: OwnWallets,
    private readonly plans: SendPlans,
    private readonly tokens: WalletTokens,
    private readonly sends: SendsRepository,
    private readonly keys: WalletKeys,
    private readonly users: UsersService,
    private readonly broadcasts: Broadcasts,
    private readonly clock: Clock,
    private readonly metrics: ActMetrics,
    private readonly signing: SendSigning,
    private readonly replacements: SendReplacements,
  ) {}

  /**
   * Stores the signed transaction in the transaction that takes key, token and nonce. Its bytes leave after that.
   * @returns the send; that of an earlier call with the same key
   * @throws AppError send.key_reused, send.too_many_open, and as `SendPlans.plan`, `ReadySend` and `WalletTokens.use`: then nothing is stored
   */
  async send(caller: Principal, walletId: string, call: SendCallOfPerson): Promise<string> {
    const { walletToken } = call;
    return this.make(caller, walletId, call, {
      isCompat: false,
      assert: () => this.assertToken(caller, walletId, walletToken),
      use: (tx, read) => this.tokens.consume(tx, caller, walletId, walletToken, read),
    });
  }

  /**
   * As `send`, with a token that another API made before the send was known.
   * @throws AppError as `send` and `WalletTokens.spendForeign`
   */
  async sendBy(
    token: ForeignToken,
    caller: Principal,
    walletId: string,
    call: SendCallOfCompat,
  ): Promise<string> {
    return this.make(
      caller,
      walletId,
      { ...call, maxFee: null },
      {
        isCompat: true,
        assert: () => Promise.resolve(),
        use: (tx, read) => this.tokens.spendForeign(tx, caller, walletId, token, read),
      },
    );
  }

  private async make(
    caller: Principal,
    walletId: string,
    call: WantedCall & Pick<SendCallOfPerson, 'key'>,
    permit: Permit,
  ): Promise<string> {
    return this.metrics.counted('send', 'done', () => this.makeNow(caller, walletId, call, permit));
  }

  private async makeNow(
    caller: Principal,
    walletId: string,
    call: WantedCall & Pick<SendCallOfPerson, 'key'>,
    permit: Permit,
  ): Promise<string> {
    const all = await this.wanted(caller, walletId, call);
    const { chain, intent } = this.plans.intent(all);
    const { address } = all.own;
    // Without the fee: the token of a repeated call may have another one.
    const asked = sendDigest({ chain: chain.id, address, intent, maxFee: 0n });
    const findEarlier = (): Promise<string | null> =>
      this.database.read(async (manager) => {
        const wallet = (await this.keys.read(manager, [walletId])).get(walletId);
        return wallet ? this.earlier(manager, caller, wallet, call.key, asked) : null;
      });
    const earlier = await findEarlier();
    if (earlier !== null) return earlier;
    try {
      return await this.makeNew(caller, call, all, { asked, permit });
    } catch (error) {
      // A parallel call with this key may have used the token, or what the wallet had.
      const parallel = await findEarlier();
      if (parallel === null) throw error;
      return parallel;
    }
  }

  private async makeNew(
    caller: Principal,
    call: WantedCall & Pick<SendCallOfPerson, 'key'>,
    all: WantedSend,
    { asked, permit }: NewSend,
  ): Promise<string> {
    const walletId = all.own.wallet.id;
    const { isCompat } = permit;
    await permit.assert();
    const plan = await this.plans.plan(all);
    const { chain } = plan;
    const ready = await plan.ready();
    const id = uuidv7();
    const first = { walletId, sendId: id, version: 1 };
    const { sendId, isNew } = await this.signing.run(first, async (tx, callId) => {
      await this.users.lock(tx, caller.userId);
      const wallet = await this.keys.openOne(tx, walletId);
      const existing = await this.earlier(tx, caller, wallet, call.key, asked);
      if (existing !== null) return { sendId: existing, isNew: false };
      const read = { ...plan.read, trail: { ...plan.read.trail, sendId: id } };
      const consent = await permit.use(tx, read);
      const { applicationId, sessionId } = caller;
      const now = this.clock.now();
      await ready.assertFunds(tx, wallet, id);
      const nonce = await ready.takeNonce(tx, await this.sends.lockNonces(tx, walletId, chain.id));
      const raw = await ready.sign({ callId, consent }, nonce);
      await this.sends.insert(
        tx,
        {
          ...{ id, walletId, applicationId, sessionId, chainId: chain.id, isCompat, nonce: String(nonce) },
          ...{ state: 'broadcasting', revision: 0, outcome: null, createdAt: now, lookedAt: now },
          keyDigest: keyDigest(wallet, applicationId, call.key),
          requestDigest: requestDigest(wallet, asked),
          details: sealedSend.seal(wallet.dataKey, id, plan.read.details),
          broadcastAt: nextBroadcastAt(chain, now),
        },
        {
          ...{ sendId: id, number: 1, kind: 'first', createdAt: now },
          raw: sealedRaw.seal(wallet.dataKey, [id, 1], raw),
        },
      );
      return { sendId: id, isNew: true };
    });
    if (isNew) this.broadcasts.begin(walletId, sendId);
    return sendId;
  }

  /**
   * Adds a version to a send that waits.
   * @throws AppError as `send` and `SendReplacements.add`
   */
  async replace(caller: Principal, walletId: string, chainId: string, call: ReplacementCall): Promise<void> {
    const { walletToken, maxFee, ...replaced } = call;
    const all = await this.wanted(caller, walletId, { chainId, request: {}, maxFee });
    await this.assertToken(caller, walletId, walletToken);
    await this.replacements.add(all, replaced, (tx, read) =>
      this.tokens.consume(tx, caller, walletId, walletToken, read),
    );
  }

  /**
   * Cancels, with a token that another API made before the act was known, what such a token of the same application sent.
   * @returns the send
   * @throws AppError send.not_found for any other send, and as `replace` and `WalletTokens.spendForeign`
   */
  async cancelBy(
    token: ForeignToken,
    caller: Principal,
    walletId: string,
    { chainId, nonce }: { readonly chainId: string; readonly nonce: number },
  ): Promise<string> {
    const all = await this.wanted(caller, walletId, { chainId, request: {}, maxFee: null });
    const send = await this.database.read((manager) =>
      this.sends.findByNonce(manager, { walletId, chainId, nonce }),
    );
    if (!send?.isCompat || send.applicationId !== caller.applicationId)
      throw sendReadingError('send.not_found');
    await this.replacements.add(all, { kind: 'cancel', sendId: send.id }, (tx, read) =>
      this.tokens.spendForeign(tx, caller, walletId, token, read),
    );
    return send.id;
  }

  /** Before a node is asked. @throws AppError wallet.token_invalid, wallet.token_used */
  private async assertToken({ sessionId }: Principal, walletId: string, walletToken: string): Promise<void> {
    const act = await this.tokens.find(walletToken);
    if (act.walletId !== walletId || act.sessionId !== sessionId || act.act !== 'send')
      throw embeddedWalletError('wallet.token_invalid');
    if (act.allowedAt) throw embeddedWalletError('wallet.token_used');
  }

  /** Before a node is asked. @throws AppError wallet.not_embedded, wallet.not_found */
  private async wanted(
    caller: Principal,
    walletId: string,
    { chainId, request, maxFee }: WantedCall,
  ): Promise<WantedSend> {
    const own = await this.wallets.get(caller, walletId);
    if (own.wallet.kind !== 'embedded') throw embeddedWalletError('wallet.not_embedded');
    return { own, wanted: { chainId, request }, maxFee };
  }

  /** @throws AppError send.key_reused */
  private async earlier(
    manager: EntityManager,
    { applicationId }: Principal,
    wallet: OpenedWallet,
    key: string,
    asked: Buffer,
  ): Promise<string | null> {
    const digest = keyDigest(wallet, applicationId, key);
    const found = await this.sends.findByKey(manager, { walletId: wallet.walletId, keyDigest: digest });
    if (found && !found.requestDigest.equals(requestDigest(wallet, asked)))
      throw sendError('send.key_reused');
    return found?.id ?? null;
  }
}
