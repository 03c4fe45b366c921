import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { IsNull, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { AuditService } from '@countersign/audit';
import { Clock, plusSeconds } from '@countersign/runtime';
import { lengthPrefixed, macOf } from '@countersign/crypto';
import { Refused, type ConsentState } from '@countersign/custody-protocol';
import { Database, OneAtATime, lockRow } from '@countersign/database';
import { WalletKeys, type OpenedWallet, type OwnWallet } from '@countersign/linked-wallets';
import type { Principal } from '@countersign/sessions';
import { Custody, consentIn } from '../custody';
import { embeddedWalletError } from '../embedded-wallets.errors';
import {
  sealedDetails,
  sealedRequest,
  WalletActEntity,
  type NeededConsent,
} from '../store/wallet-act.entity';
import { ActRules, WalletAccess } from './act-rules';
import type { ActDetails, ActInput, ReadAct, WantedAct } from './acts';
import { embeddedWalletEvents } from '../embedded-wallets.feature';

/** A consent, and an act without consent, is valid for this time. */
export const ACT_SECONDS = 600;
/** An act whose outcome is unknown may be tried again for this time after it expired. */
export const RETRY_SECONDS = 300;

export interface OpenedAct {
  readonly act: WalletActEntity;
  readonly own: OwnWallet;
  readonly wanted: ActInput;
  readonly details: ActDetails;
}

/** An act by a token of another API. Such a token names no act, works once, and needs no consent. */
export interface CompatAct extends Pick<WalletActEntity, 'walletId' | 'kind'> {
  readonly token: CompatToken;
}

export interface CompatToken {
  readonly id: string;
  readonly expiresAt: Date;
  /** Uses the token up in the transaction that records the act. */
  readonly consume: (tx: EntityManager) => Promise<void>;
}

export type ActSource = OpenedAct | CompatAct;

export interface AllowedAct {
  readonly id: string;
  /** The consent's id; null if custody asks for none. */
  readonly consent: string | null;
  readonly wallet: OpenedWallet;
}

/** Stores the acts that sessions ask for. Each act belongs to one session and is performed once. */
@Injectable()
export class WalletActs {
  /** Calls of one person queue here, so that they take no connections while they wait for the person's row. */
  private readonly turns = new OneAtATime();

  constructor(
    private readonly database: Database,
    private readonly access: WalletAccess,
    private readonly rules: ActRules,
    private readonly keys: WalletKeys,
    private readonly custody: Custody,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /** Finds the act before a node is asked. */
  async findEarlier(caller: Principal, own: OwnWallet, wanted: WantedAct): Promise<OpenedAct | null> {
    return this.inTurn(caller, (tx) => this.earlier(tx, caller, own, wanted, null));
  }

  /**
   * Stores an act after custody has said whether its person must consent.
   * @returns the act, or the act of a parallel call with the same key
   */
  async store(
    caller: Principal,
    own: OwnWallet,
    { key, kind, ...wanted }: WantedAct,
    { asked, askedAt, details }: ReadAct,
  ): Promise<OpenedAct> {
    const [id, walletId] = [uuidv7(), own.wallet.id];
    // The person must not be asked to consent to what the application may not do.
    await this.access.assertAllowed(caller.applicationId, kind, details);
    const consent = asked && (await this.consentFor(caller, { callId: id, walletId }, asked));
    return this.inTurn(caller, async (tx) => {
      const parallel = await this.earlier(tx, caller, own, { key, kind, ...wanted }, details);
      if (parallel) return parallel;
      const wallet = await this.keys.openOne(tx, walletId);
      const expiresAt = plusSeconds(askedAt, ACT_SECONDS);
      const act: WalletActEntity = {
        ...WalletActEntity.of(caller, { id, walletId, kind, consent, expiresAt }),
        request: sealedRequest.seal(wallet.dataKey, id, wanted),
        details: sealedDetails.seal(wallet.dataKey, id, details),
        keyDigest: key === undefined ? null : keyDigest(wallet, caller.applicationId, key),
      };
      await tx.insert(WalletActEntity, act);
      return { act, own, wanted, details };
    });
  }

  private async consentFor(
    caller: Principal,
    act: { readonly callId: string; readonly walletId: string },
    asked: NonNullable<ReadAct['asked']>,
  ): Promise<NeededConsent | null> {
    const requester = await this.access.requesterOf(caller);
    return consentIn(await this.custody.answer((client) => client.ask(act, asked, requester)));
  }

  private inTurn<T>({ userId }: Principal, work: (tx: EntityManager) => Promise<T>): Promise<T> {
    return this.turns.run(userId, () => this.database.transaction(work));
  }

  /** Returns an act that can still be performed or was done. Any other act releases its key. */
  private async earlier(
    tx: EntityManager,
    caller: Principal,
    own: OwnWallet,
    { key, kind, ...wanted }: WantedAct,
    details: ActDetails,
  ): Promise<OpenedAct | null> {
    const walletId = own.wallet.id;
    await this.rules.assertMay(tx, caller, { walletId, kind }, details);
    if (key === undefined) return null;
    const { applicationId, sessionId } = caller;
    const wallet = await this.keys.openOne(tx, walletId);
    const act = await tx.findOneBy(WalletActEntity, {
      walletId,
      keyDigest: keyDigest(wallet, applicationId, key),
    });
    if (!act) return null;
    const opened = openAct(wallet, own, act);
    if (act.kind !== kind || !isDeepStrictEqual(opened.wanted, JSON.parse(JSON.stringify(wanted))))
      throw embeddedWalletError('send.key_reused');
    const until = plusSeconds(act.expiresAt, act.allowedAt ? RETRY_SECONDS : 0);
    if (act.doneAt || (act.sessionId === sessionId && until > this.clock.now())) return opened;
    // Custody may have signed an act that was allowed, so its row stays.
    const { id } = act;
    await (act.allowedAt
      ? tx.update(WalletActEntity, { id }, { keyDigest: null })
      : tx.delete(WalletActEntity, { id }));
    return null;
  }

  /** Until an act is done, only its session sees it. */
  async get(caller: Principal, own: OwnWallet, actId: string): Promise<OpenedAct> {
    const walletId = own.wallet.id;
    return this.database.read(async (manager) => {
      const act = ofCaller(caller, await manager.findOneBy(WalletActEntity, { walletId, id: actId }));
      return openAct(await this.keys.readOne(manager, walletId), own, act);
    });
  }

  async stateOf({ doneAt, consent, expiresAt }: WalletActEntity): Promise<ConsentState> {
    if (doneAt) return 'done';
    if (!consent) return expiresAt <= this.clock.now() ? 'expired' : 'open';
    try {
      return (await this.custody.client.asked(consent.id)).state;
    } catch (error) {
      if (error instanceof Refused && error.code === 'consent_unknown') return 'expired';
      throw error;
    }
  }

  /** Performs a send in the transaction that stores its content. */
  async perform(tx: EntityManager, caller: Principal, source: ActSource, read: ReadAct): Promise<AllowedAct> {
    if ('token' in source) return this.storeCompat(tx, caller, source, read, this.clock.now());
    const act = await this.lock(tx, caller, source, read);
    if (act.allowedAt) throw embeddedWalletError('wallet.act_performed');
    const allowed = await this.allow(tx, caller, act, read);
    await tx.update(WalletActEntity, { id: act.id, doneAt: IsNull() }, { doneAt: this.clock.now() });
    return allowed;
  }

  async lock(
    tx: EntityManager,
    caller: Principal,
    { act }: OpenedAct,
    { details }: ReadAct,
  ): Promise<WalletActEntity> {
    await this.rules.assertMay(tx, caller, act, details);
    // A parallel call that performs the act waits here.
    return ofCaller(caller, await lockRow(tx, WalletActEntity, { id: act.id }, 'pessimistic_write'));
  }

  /** Allows the act for the first time. */
  async allow(
    tx: EntityManager,
    caller: Principal,
    act: WalletActEntity,
    read: ReadAct,
  ): Promise<AllowedAct> {
    this.assertOpen(act);
    const now = this.clock.now();
    await tx.update(WalletActEntity, { id: act.id }, { allowedAt: now, attemptedAt: now });
    return this.record(tx, caller, act, read);
  }

  /** Also called before a node is asked. */
  assertOpen({ allowedAt, expiresAt }: Pick<WalletActEntity, 'allowedAt' | 'expiresAt'>): void {
    if (!allowedAt && expiresAt <= this.clock.now()) throw embeddedWalletError('wallet.act_expired');
  }

  /** @param doneAt null if custody must answer first */
  async storeCompat(
    tx: EntityManager,
    caller: Principal,
    { walletId, kind, token }: CompatAct,
    read: ReadAct,
    doneAt: Date | null,
  ): Promise<AllowedAct> {
    await token.consume(tx);
    await this.rules.assertMay(tx, caller, { walletId, kind }, read.details, 'compat');
    const wallet = await this.keys.openOne(tx, walletId);
    const [id, now] = [uuidv7(), this.clock.now()];
    const act: WalletActEntity = {
      ...WalletActEntity.of(caller, { id, walletId, kind, consent: null, expiresAt: token.expiresAt }),
      details: sealedDetails.seal(wallet.dataKey, id, read.details),
      ...{ allowedAt: now, attemptedAt: now, doneAt },
    };
    await tx.insert(WalletActEntity, act);
    return this.record(tx, caller, act, read);
  }

  private async record(
    tx: EntityManager,
    { sessionId, applicationId }: Principal,
    { id, walletId, kind, consent }: WalletActEntity,
    { digest, trail }: ReadAct,
  ): Promise<AllowedAct> {
    const wallet = await this.keys.openOne(tx, walletId);
    // The digest is keyed. Otherwise, one could find the act by trying a chain's addresses and transactions.
    const keyed = macOf(wallet.macKey, lengthPrefixed(['wallet-act', digest])).toString('hex');
    await this.audit.record(tx, embeddedWalletEvents.actAllowed, {
      actor: `session:${sessionId}`,
      applicationId,
      subject: walletId,
      details: { actId: id, act: kind, digest: keyed, ...trail },
    });
    return { id, consent: consent?.id ?? null, wallet };
  }
}

function openAct({ dataKey }: OpenedWallet, own: OwnWallet, act: WalletActEntity): OpenedAct {
  const wanted = sealedRequest.open(dataKey, act.id, act.request) ?? {};
  return { act, own, wanted, details: sealedDetails.open(dataKey, act.id, act.details) };
}

function ofCaller({ applicationId, sessionId }: Principal, act: WalletActEntity | null): WalletActEntity {
  if (act?.applicationId !== applicationId || (act.doneAt === null && act.sessionId !== sessionId))
    throw embeddedWalletError('wallet.act_not_found');
  return act;
}

function keyDigest({ macKey }: OpenedWallet, applicationId: string, key: string): Buffer {
  return macOf(macKey, lengthPrefixed(['act-key', applicationId, key]));
}
