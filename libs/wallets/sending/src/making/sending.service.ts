import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { AuditService } from '@countersign/audit';
import { Clock, Semaphore } from '@countersign/clock';
import { Configuration } from '@countersign/config';
import { Database, unavailable } from '@countersign/database';
import {
  EmbeddedWallets,
  embeddedWalletError,
  sendReadingError,
  WalletTokens,
} from '@countersign/embedded-wallets';
import { OwnWallets, WalletKeys, walletError, type OpenedWallet } from '@countersign/linked-wallets';
import { sendDigest } from '@countersign/sends';
import type { Principal } from '@countersign/sessions';
import { UsersService } from '@countersign/users';
import { Broadcasts, nextBroadcastAt } from '../following/broadcasts';
import { RestoredSends } from '../following/restored-sends';
import { sendError } from '../sending.errors';
import { SendsRepository } from '../store/sends.repository';
import { keyDigest, requestDigest, sealedRaw, sealedSend } from '../store/send-sealing';
import type { Replaced, WantedSend } from '../ports/send-port';
import { assertEmbedded, assertOn, SendPlans } from './send-plans';

/** A call to send. */
export interface SendCallOfPerson {
  readonly walletToken: string;
  /** Of the caller's choice: the same one always answers the same send. */
  readonly key: string;
  readonly chainId: string;
  readonly request: Readonly<Record<string, unknown>>;
  readonly maxFee: bigint;
}

export type ReplacementCall = Pick<SendCallOfPerson, 'walletToken' | 'maxFee'> & Replaced;

const MAX_VERSIONS = 20;
/** Custody signs one after the other. */
const MAX_SIGNING = 4;
const MAX_WAIT_MS = 10_000;

/** Sends from embedded wallets, each once. */
@Injectable()
export class Sending {
  private readonly signers = new Semaphore(MAX_SIGNING);

  constructor(
    private readonly database: Database,
    private readonly wallets: OwnWallets,
    private readonly embeddedWallets: EmbeddedWallets,
    private readonly plans: SendPlans,
    private readonly tokens: WalletTokens,
    private readonly sends: SendsRepository,
    private readonly keys: WalletKeys,
    private readonly users: UsersService,
    private readonly broadcasts: Broadcasts,
    private readonly restored: RestoredSends,
    private readonly audit: AuditService,
    private readonly clock: Clock,
    private readonly configuration: Configuration,
  ) {}

  /**
   * Stores the signed transaction in the transaction that takes key, token and nonce. Its bytes leave after that.
   * @returns the send; that of an earlier call with the same key
   * @throws AppError send.key_reused, and as `SendPlans.plan`, `ReadySend` and `WalletTokens.use`: then nothing is stored
   */
  async send(caller: Principal, walletId: string, call: SendCallOfPerson): Promise<string> {
    const all = await this.wanted(caller, walletId, call);
    const { chain, intent } = this.plans.intent(all);
    const { address } = all.own;
    // Without the fee: the token of a repeated call may have another one.
    const asked = sendDigest({ chain: chain.id, address, intent, maxFee: 0n });
    const earlier = await this.database.read(async (manager) => {
      const wallet = (await this.keys.read(manager, [walletId])).get(walletId);
      return wallet ? this.earlier(manager, caller, wallet, call.key, asked) : null;
    });
    if (earlier !== null) return earlier;
    await this.assertToken(caller, walletId, call.walletToken);
    const plan = await this.plans.plan(all);
    const ready = await plan.ready();
    await this.audit.prepare();
    const { sendId, isNew } = await this.signing(walletId, async (tx) => {
      await this.restored.assertCompared(tx, chain.id);
      await this.users.lock(tx, caller.userId);
      const wallet = await this.openedWallet(tx, walletId);
      const existing = await this.earlier(tx, caller, wallet, call.key, asked);
      if (existing !== null) return { sendId: existing, isNew: false };
      const id = uuidv7();
      const read = { ...plan.read, trail: { ...plan.read.trail, sendId: id } };
      await this.tokens.spend(tx, caller, walletId, call.walletToken, read);
      const nonce = await ready.takeNonce(tx);
      const raw = await ready.sign(id, nonce);
      const now = this.clock.now();
      const { applicationId, sessionId } = caller;
      await this.sends.insert(
        tx,
        {
          ...{ id, walletId, applicationId, sessionId, chainId: chain.id, nonce: String(nonce) },
          ...{ state: 'broadcasting', revision: 0, outcome: null, createdAt: now, lookedAt: now },
          keyDigest: keyDigest(wallet, applicationId, call.key),
          requestDigest: requestDigest(wallet, asked),
          details: sealedSend.seal(wallet.dataKey, id, plan.details),
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
   * Adds a version to a send that waits. Any version may be the one that a block gets.
   * @throws AppError send.settled, send.earlier_waits, send.too_many_versions, and as `send` and `SendPlans.replacement`
   */
  async replace(caller: Principal, walletId: string, chainId: string, call: ReplacementCall): Promise<void> {
    const { walletToken, maxFee, kind, sendId } = call;
    const all = await this.wanted(caller, walletId, { chainId, request: {}, maxFee });
    await this.assertToken(caller, walletId, walletToken);
    const plan = await this.plans.replacement(all, { kind, sendId });
    const ready = await plan.ready();
    await this.audit.prepare();
    await this.signing(walletId, async (tx) => {
      await this.restored.assertCompared(tx, plan.chain.id);
      const read = { ...plan.read, trail: { ...plan.read.trail, sendId } };
      await this.tokens.spend(tx, caller, walletId, walletToken, read);
      const wallet = await this.openedWallet(tx, walletId);
      const send = await this.sends.lock(tx, walletId, sendId);
      if (!send) throw sendReadingError('send.not_found');
      if (send.state !== 'broadcasting') throw sendReadingError('send.settled');
      if (await this.sends.hasEarlier(tx, send)) throw sendError('send.earlier_waits');
      const versions = await this.sends.versionsOf(tx, [sendId]);
      // The token names the version that it replaces.
      if (versions.length !== plan.replaced) throw embeddedWalletError('wallet.token_invalid');
      if (versions.length >= MAX_VERSIONS) throw sendError('send.too_many_versions');
      const raw = await ready.sign(uuidv7(), Number(send.nonce));
      const [number, now] = [versions.length + 1, this.clock.now()];
      const sealed = sealedRaw.seal(wallet.dataKey, [sendId, number], raw);
      const version = { sendId, number, kind, raw: sealed, createdAt: now };
      await this.sends.addVersion(tx, version, nextBroadcastAt(plan.chain, now));
    });
    this.broadcasts.begin(walletId, sendId);
  }

  /**
   * Transactions in which custody signs, a few at a time: while it hangs, the other connections are for other calls.
   * @throws AppError service.unavailable
   */
  private async signing<T>(walletId: string, work: (tx: EntityManager) => Promise<T>): Promise<T> {
    const limit = AbortSignal.timeout(MAX_WAIT_MS * this.configuration.patience);
    try {
      return await this.signers.run(() => this.database.transactionInTurn(walletId, work), limit);
    } catch (error) {
      throw error === limit.reason ? unavailable(error) : error;
    }
  }

  /** Before a node is asked. @throws AppError wallet.token_invalid, wallet.token_used */
  private async assertToken({ sessionId }: Principal, walletId: string, walletToken: string): Promise<void> {
    const act = await this.tokens.find(walletToken);
    if (act.walletId !== walletId || act.sessionId !== sessionId || act.act !== 'send')
      throw embeddedWalletError('wallet.token_invalid');
    if (act.allowedAt) throw embeddedWalletError('wallet.token_used');
  }

  private async wanted(
    caller: Principal,
    walletId: string,
    { chainId, request, maxFee }: Pick<SendCallOfPerson, 'chainId' | 'request' | 'maxFee'>,
  ): Promise<WantedSend> {
    const settings = await this.embeddedWallets.settingsOf(caller.applicationId);
    assertOn(settings);
    const own = await this.wallets.get(caller, walletId);
    assertEmbedded(own);
    return { own, wanted: { chainId, request }, settings, maxFee };
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

  private async openedWallet(tx: EntityManager, walletId: string): Promise<OpenedWallet> {
    const wallet = (await this.keys.open(tx, [walletId])).get(walletId);
    if (!wallet) throw walletError('wallet.not_found');
    return wallet;
  }
}
