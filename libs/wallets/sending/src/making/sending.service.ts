import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { recoverTransactionAddress } from 'viem';
import { AuditService } from '@countersign/audit';
import type { Chain } from '@countersign/chains';
import { EvmSending } from '@countersign/chains';
import { Clock, Semaphore } from '@countersign/clock';
import { Configuration } from '@countersign/config';
import { Database, unavailable } from '@countersign/database';
import {
  Custody,
  EmbeddedWallets,
  embeddedWalletError,
  ForeignUse,
  sendReadingError,
  WalletTokens,
} from '@countersign/embedded-wallets';
import { OwnWallets, WalletKeys, walletError, type OpenedWallet } from '@countersign/linked-wallets';
import { nextNonce, sendDigest, signedTransaction, unsignedTransaction } from '@countersign/sends';
import type { Principal } from '@countersign/sessions';
import { UsersService } from '@countersign/users';
import { Broadcasts, nextBroadcastAt } from '../following/broadcasts';
import { sendError } from '../sending.errors';
import { SendsRepository } from '../store/sends.repository';
import { keyDigest, requestDigest, sealedRaw, sealedSend } from '../store/send-sealing';
import { accept, Quotes } from './quotes';
import {
  assertEmbedded,
  assertOn,
  SendPlans,
  type Replaced,
  type SendPlan,
  type WantedSend,
} from './send-plans';

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

/** More of them no node has to hold for one wallet. */
const MAX_OPEN = 64;
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
    private readonly quotes: Quotes,
    private readonly port: EvmSending,
    private readonly tokens: WalletTokens,
    private readonly custody: Custody,
    private readonly sends: SendsRepository,
    private readonly keys: WalletKeys,
    private readonly users: UsersService,
    private readonly broadcasts: Broadcasts,
    private readonly audit: AuditService,
    private readonly clock: Clock,
    private readonly foreignUse: ForeignUse,
    private readonly configuration: Configuration,
  ) {}

  /**
   * Stores the signed transaction in the transaction that takes key, token and nonce. Its bytes leave after that.
   * @returns the send; that of an earlier call with the same key
   * @throws AppError send.key_reused, send.nonces_missing, send.too_many_open, wallet.custody_unavailable, and as `SendPlans.plan`,
   * `WalletTokens.use` and `nextNonce`: then nothing is stored
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
    const [plan, counts] = await Promise.all([this.plans.plan(all), this.port.nonces(chain, address)]);
    await this.quotes.assertFunds(chain, address, plan.call.value + plan.maxFee);
    await this.audit.prepare();
    const { sendId, isNew } = await this.signing(walletId, async (tx) => {
      await this.users.lock(tx, caller.userId);
      const wallet = await this.openedWallet(tx, walletId);
      const existing = await this.earlier(tx, caller, wallet, call.key, asked);
      if (existing !== null) return { sendId: existing, isNew: false };
      const id = uuidv7();
      const read = { ...plan.read, trail: { ...plan.read.trail, sendId: id } };
      await this.tokens.spend(tx, caller, walletId, call.walletToken, read);
      const nonce = await this.takeNonce(tx, walletId, chain, counts);
      const raw = await this.signed(id, walletId, address, plan, nonce);
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
    const { address } = all.own;
    await this.quotes.assertFunds(plan.chain, address, plan.call.value + plan.maxFee);
    await this.audit.prepare();
    await this.signing(walletId, async (tx) => {
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
      const raw = await this.signed(uuidv7(), walletId, address, plan, Number(send.nonce));
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

  /** @param counts what nodes answered before the lock was taken: they may be behind what is stored */
  private async takeNonce(
    tx: EntityManager,
    walletId: string,
    chain: Chain,
    counts: readonly number[],
  ): Promise<number> {
    const nonces = await this.sends.lockNonces(tx, walletId, chain.id);
    const stored = Number(nonces.next);
    const { nonce, isUsedElsewhere } = accept(nextNonce(stored, counts));
    // What the chain does not have yet must be sends that are stored: else a transaction would wait for one that is never sent.
    const missing = stored - Math.min(Math.max(...counts), stored);
    if ((await this.sends.countFrom(tx, walletId, chain.id, stored - missing)) < missing)
      throw sendError('send.nonces_missing');
    if ((await this.sends.countOpen(tx, walletId, chain.id)) >= MAX_OPEN)
      throw sendError('send.too_many_open');
    if (isUsedElsewhere) await this.foreignUse.note(tx, walletId);
    await this.sends.setNext(tx, nonces, nonce + 1);
    return nonce;
  }

  /** @returns `0x` and hex @throws AppError wallet.custody_unavailable, wallet.key_missing */
  private async signed(
    callId: string,
    walletId: string,
    address: string,
    { chain, call, gas, fees }: SendPlan,
    nonce: number,
  ): Promise<`0x${string}`> {
    const unsigned = unsignedTransaction({ chainId: chain.reference, nonce, call, gas, fees });
    const signature = await this.custody.answer((client) =>
      client.sign({ callId, walletId }, 'evm-transaction', unsigned),
    );
    const raw = `0x${signedTransaction(unsigned, signature).toString('hex')}` as const;
    const signer = await recoverTransactionAddress({ serializedTransaction: raw as never });
    // Custody has another key under this id.
    if (signer.toLowerCase() !== address) throw embeddedWalletError('wallet.key_missing');
    return raw;
  }
}
