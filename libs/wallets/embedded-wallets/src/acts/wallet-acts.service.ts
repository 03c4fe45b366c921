import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { AuditService } from '@countersign/audit';
import { Clock, plusSeconds, SECOND } from '@countersign/clock';
import { CustodyRefused, type Asked, type ConsentState } from '@countersign/custody-client';
import { Database, OneAtATime } from '@countersign/database';
import { OwnWallets, WalletKeys, type OpenedWallet, type OwnWallet } from '@countersign/linked-wallets';
import type { Principal } from '@countersign/sessions';
import { AccountEvents, UsersService } from '@countersign/users';
import { Custody } from '../custody';
import { embeddedWalletError } from '../embedded-wallets.errors';
import { EmbeddedWallets } from '../own/embedded-wallets.service';
import type { NeededConsent, WalletActEntity } from '../store/wallet-act.entity';
import { WalletActsRepository } from '../store/wallet-acts.repository';
import {
  actDigest,
  keyDigest,
  sealedDetails,
  sealedRequest,
  type ActDetails,
} from '../store/wallet-act-sealing';
import { ActMetrics } from './act-metrics';
import { ActRules } from './act-rules';
import type { ConsentKind } from './acts';
import type { ActRequest, ReadAct, ReadsAct, WantedAct } from './read-act';

/** As long as a consent can be given, and a call can be made without one. */
const ACT_SECONDS = 600;
/** How long after it expired an act may be tried again whose outcome is unknown. */
const RETRY_SECONDS = 300;
/** Longer than a call to custody takes: until then another call may still be answered. */
const ATTEMPT_MS = 15 * SECOND;

/** An act with what it is about. */
export interface OpenedAct {
  readonly act: WalletActEntity;
  readonly wanted: ActRequest;
  readonly details: ActDetails;
}

/** An act that custody is to do now. */
export interface AllowedAct {
  readonly id: string;
  readonly consent: string | null;
  readonly read: ReadAct;
}

/** A token of another API: good once, and for no act in particular. */
export interface ForeignToken {
  readonly id: string;
  readonly expiresAt: Date;
  /** Uses it up in the transaction that records the act. */
  readonly consume: (tx: EntityManager) => Promise<void>;
}

/** What sessions ask embedded wallets to do: exactly one thing each, of one session, performed once. */
@Injectable()
export class WalletActs {
  /** Calls of one person queue outside the database: each would take a connection while it waits for the row of the person. */
  private readonly turns = new OneAtATime();

  constructor(
    private readonly database: Database,
    private readonly wallets: OwnWallets,
    private readonly embeddedWallets: EmbeddedWallets,
    private readonly rules: ActRules,
    private readonly acts: WalletActsRepository,
    private readonly keys: WalletKeys,
    private readonly users: UsersService,
    private readonly custody: Custody,
    private readonly metrics: ActMetrics,
    private readonly audit: AuditService,
    private readonly events: AccountEvents,
    private readonly clock: Clock,
  ) {}

  /**
   * @param key of the caller's choice: with the same one the answer is the same act, as long as it can be performed, and afterwards
   * @throws AppError wallet.not_found, wallet.not_embedded, send.key_reused, what `read` refuses, and as `ActRules.assertMay`, and what custody refuses
   */
  async ask(
    caller: Principal,
    walletId: string,
    { key, ...wanted }: WantedAct & { readonly key?: string | undefined },
    read: ReadsAct,
  ): Promise<OpenedAct> {
    return this.metrics.counted(wanted.kind, 'asked', () => this.make(caller, walletId, wanted, key, read));
  }

  private async make(
    caller: Principal,
    walletId: string,
    { kind, ...wanted }: WantedAct,
    key: string | undefined,
    reads: ReadsAct,
  ): Promise<OpenedAct> {
    const settings = await this.embeddedWallets.settingsOf(caller.applicationId);
    const own = await this.ownOf(caller, walletId);
    const inTurn = <T>(work: (tx: EntityManager) => Promise<T>): Promise<T> =>
      this.turns.run(caller.userId, () => this.database.transaction(work));
    const findEarlier = async (tx: EntityManager, details: ActDetails): Promise<OpenedAct | null> => {
      await this.users.lock(tx, caller.userId);
      await this.rules.assertMay(tx, caller, walletId, kind, details);
      return key === undefined ? null : this.earlier(tx, caller, walletId, key, { kind, ...wanted });
    };
    // No node is asked for a session that may not do it.
    const earlier = await inTurn((tx) => findEarlier(tx, null));
    if (earlier) return earlier;
    const issuedAt = this.clock.now();
    const { asked, details } = await reads(own, settings, issuedAt);
    const id = uuidv7();
    // Custody refuses here what it would refuse with consent too.
    const consent = asked
      ? neededConsent(await this.custody.answer((client) => client.ask({ callId: id, walletId }, asked)))
      : null;
    return inTurn(async (tx) => {
      const parallel = await findEarlier(tx, details);
      if (parallel) return parallel;
      const wallet = await this.keys.openOne(tx, walletId);
      const act: WalletActEntity = {
        ...newAct(caller, { id, walletId, kind, consent, expiresAt: plusSeconds(issuedAt, ACT_SECONDS) }),
        request: sealedRequest.seal(wallet.dataKey, id, wanted),
        details: sealedDetails.seal(wallet.dataKey, id, details),
        keyDigest: key === undefined ? null : keyDigest(wallet, caller.applicationId, key),
      };
      await this.acts.insert(tx, act);
      return { act, wanted, details };
    });
  }

  /** One that can still be performed, or was; another one releases its key. @throws AppError send.key_reused */
  private async earlier(
    tx: EntityManager,
    { applicationId, sessionId }: Principal,
    walletId: string,
    key: string,
    { kind, ...wanted }: WantedAct,
  ): Promise<OpenedAct | null> {
    const wallet = await this.keys.openOne(tx, walletId);
    const act = await this.acts.findByKey(tx, walletId, keyDigest(wallet, applicationId, key));
    if (!act) return null;
    const opened = openAct(wallet, act);
    if (act.kind !== kind || !isDeepStrictEqual(opened.wanted, JSON.parse(JSON.stringify(wanted))))
      throw embeddedWalletError('send.key_reused');
    const until = plusSeconds(act.expiresAt, act.allowedAt ? RETRY_SECONDS : 0);
    if (act.doneAt || (act.sessionId === sessionId && until > this.clock.now())) return opened;
    await (act.allowedAt ? this.acts.releaseKey(tx, act.id) : this.acts.delete(tx, act.id));
    return null;
  }

  /**
   * Asks the person for the words of the wallet, or for the end of its freeze.
   * @throws AppError wallet.not_found, wallet.not_embedded, wallet.embedded_off, wallet.consent_unavailable, wallet.above_hour_limit,
   * and as `ActRules.assertMay`
   */
  async askFor(caller: Principal, walletId: string, kind: Exclude<ConsentKind, 'bind'>): Promise<OpenedAct> {
    const { userId } = caller;
    await this.embeddedWallets.settingsOf(caller.applicationId);
    await this.ownOf(caller, walletId);
    await this.database.transaction(async (tx) => {
      await this.users.lock(tx, userId);
      await this.rules.assertMay(tx, caller, walletId, kind, null);
    });
    const act = await this.custody.answer(() => this.askPerson(caller, walletId, kind));
    if (!act) throw embeddedWalletError('wallet.consent_unavailable');
    return act;
  }

  /**
   * Asks the person to bind the wallet, within a day after it was created. Null where it is bound, or nobody can consent.
   * @throws AppError wallet.custody_unavailable
   */
  async askToBind(caller: Principal, { wallet }: OwnWallet): Promise<OpenedAct | null> {
    try {
      return await this.askPerson(caller, wallet.id, 'bind');
    } catch (error) {
      if (error instanceof CustodyRefused) return null;
      throw error;
    }
  }

  private async askPerson(caller: Principal, walletId: string, kind: ConsentKind): Promise<OpenedAct | null> {
    const id = uuidv7();
    const consent = neededConsent(await this.custody.client.askFor({ callId: id, walletId }, kind));
    if (!consent) return null;
    const act = newAct(caller, { id, walletId, kind, consent, expiresAt: new Date(consent.expiresAt) });
    await this.database.transaction(async (tx) => {
      const { userId } = caller;
      // Its words are shown long after it expires.
      const isExport = kind === 'export';
      await this.acts.insert(tx, isExport ? { ...act, allowedAt: this.clock.now() } : act);
      if (isExport) await this.events.add(tx, 'wallet.export_requested', userId, { userId, walletId });
    });
    return { act, wanted: {}, details: null };
  }

  /**
   * What the application asked for: in this session, where it is not done yet.
   * @throws AppError wallet.not_found, wallet.act_not_found
   */
  async get(caller: Principal, walletId: string, actId: string): Promise<OpenedAct> {
    await this.wallets.get(caller, walletId);
    return this.database.read(async (manager) => {
      const act = own(caller, await this.acts.find(manager, walletId, actId));
      return openAct(await this.keys.readOne(manager, walletId), act);
    });
  }

  /** @throws AppError wallet.custody_unavailable */
  async stateOf({ doneAt, consent, expiresAt }: WalletActEntity): Promise<ConsentState> {
    if (doneAt) return 'done';
    if (!consent) return expiresAt <= this.clock.now() ? 'expired' : 'open';
    try {
      return (await this.custody.client.asked(consent.id)).state;
    } catch (error) {
      if (error instanceof CustodyRefused && error.code === 'consent_unknown') return 'expired';
      throw error;
    }
  }

  /**
   * Lets custody sign. Where it did not answer, the same call may be sent again.
   * @throws AppError wallet.act_expired, wallet.act_performed, and as `ask`
   */
  async allow(caller: Principal, opened: OpenedAct, read: ReadAct): Promise<AllowedAct> {
    return this.database.transaction(async (tx) => {
      const act = await this.lock(tx, caller, opened, read);
      const now = this.clock.now();
      if (!act.allowedAt) await this.allowNow(tx, caller, act, read);
      else if (mayRetry(act, now)) await this.acts.setAttempted(tx, act.id, now);
      else throw embeddedWalletError('wallet.act_performed');
      return { id: act.id, read, consent: act.consent?.id ?? null };
    });
  }

  /**
   * Performs a send in the transaction that stores what is sent.
   * @throws AppError as `allow`
   */
  async consume(
    tx: EntityManager,
    caller: Principal,
    opened: OpenedAct,
    read: ReadAct,
  ): Promise<Pick<AllowedAct, 'id' | 'consent'>> {
    const act = await this.lock(tx, caller, opened, read);
    if (act.allowedAt) throw embeddedWalletError('wallet.act_performed');
    await this.allowNow(tx, caller, act, read);
    await this.acts.setDone(tx, act.id, { doneAt: this.clock.now() });
    return { id: act.id, consent: act.consent?.id ?? null };
  }

  private async lock(
    tx: EntityManager,
    caller: Principal,
    { act: { id, walletId, kind } }: OpenedAct,
    { details }: ReadAct,
  ): Promise<WalletActEntity> {
    await this.users.lock(tx, caller.userId);
    await this.rules.assertMay(tx, caller, walletId, kind, details);
    return own(caller, await this.acts.lock(tx, id));
  }

  /** Before a node is asked, too. @throws AppError wallet.act_expired */
  assertOpen({ allowedAt, expiresAt }: Pick<WalletActEntity, 'allowedAt' | 'expiresAt'>): void {
    if (!allowedAt && expiresAt <= this.clock.now()) throw embeddedWalletError('wallet.act_expired');
  }

  private async allowNow(
    tx: EntityManager,
    caller: Principal,
    act: WalletActEntity,
    read: ReadAct,
  ): Promise<void> {
    this.assertOpen(act);
    await this.acts.setAllowed(tx, act.id, this.clock.now());
    await this.record(tx, caller, act, read);
  }

  /**
   * Records an act that a token of another API performs. Such a token names no act, and nobody consents to it.
   * @throws AppError what `token.consume` throws, and as `ActRules.assertMay`
   */
  async consumeForeign(
    tx: EntityManager,
    caller: Principal,
    { walletId, kind }: Pick<WalletActEntity, 'walletId' | 'kind'>,
    token: ForeignToken,
    read: ReadAct,
  ): Promise<Pick<AllowedAct, 'id' | 'consent'>> {
    await this.users.lock(tx, caller.userId);
    await token.consume(tx);
    await this.rules.assertMay(tx, caller, walletId, kind, read.details, 'compat');
    const wallet = await this.keys.openOne(tx, walletId);
    const [id, now] = [uuidv7(), this.clock.now()];
    const act: WalletActEntity = {
      ...newAct(caller, { id, walletId, kind, consent: null, expiresAt: token.expiresAt }),
      details: sealedDetails.seal(wallet.dataKey, id, read.details),
      ...{ allowedAt: now, attemptedAt: now, doneAt: kind === 'send' || kind === 'cancel' ? now : null },
    };
    await this.acts.insert(tx, act);
    await this.record(tx, caller, act, read);
    return { id, consent: null };
  }

  private async record(
    tx: EntityManager,
    { sessionId, applicationId }: Principal,
    { id: actId, walletId, kind: act }: Pick<WalletActEntity, 'id' | 'walletId' | 'kind'>,
    { digest, trail }: ReadAct,
  ): Promise<void> {
    const keyed = actDigest(await this.keys.openOne(tx, walletId), digest).toString('hex');
    await this.audit.record(tx, 'wallet.act_allowed', {
      actor: `session:${sessionId}`,
      applicationId,
      subject: walletId,
      details: { actId, act, digest: keyed, ...trail },
    });
  }

  /** Custody has signed. */
  async done(actId: string): Promise<void> {
    const doneAt = this.clock.now();
    await this.database.transaction((tx) => this.acts.setDone(tx, actId, { doneAt }));
  }

  /** Custody did not answer: the same call may be sent again at once. */
  async notAnswered(actId: string): Promise<void> {
    await this.database.transaction((tx) => this.acts.setAttempted(tx, actId, null));
  }

  /** @throws AppError wallet.not_found, wallet.not_embedded */
  async ownOf(caller: Principal, walletId: string): Promise<OwnWallet> {
    const own = await this.wallets.get(caller, walletId);
    if (own.wallet.kind !== 'embedded') throw embeddedWalletError('wallet.not_embedded');
    return own;
  }
}

/** When it was asked for. */
export function askedAt({ expiresAt }: Pick<WalletActEntity, 'expiresAt'>): Date {
  return plusSeconds(expiresAt, -ACT_SECONDS);
}

function newAct(
  { applicationId, sessionId }: Principal,
  act: Pick<WalletActEntity, 'id' | 'walletId' | 'kind' | 'consent' | 'expiresAt'>,
): WalletActEntity {
  const empty = { request: null, details: null, keyDigest: null, allowedAt: null, attemptedAt: null };
  return { ...act, ...empty, applicationId, sessionId, doneAt: null };
}

function openAct({ dataKey }: OpenedWallet, act: WalletActEntity): OpenedAct {
  return {
    act,
    wanted: sealedRequest.open(dataKey, act.id, act.request) ?? {},
    details: sealedDetails.open(dataKey, act.id, act.details),
  };
}

/** @throws AppError wallet.act_not_found */
function own({ applicationId, sessionId }: Principal, act: WalletActEntity | null): WalletActEntity {
  if (act?.applicationId !== applicationId || (act.doneAt === null && act.sessionId !== sessionId))
    throw embeddedWalletError('wallet.act_not_found');
  return act;
}

/** Whether the same call may be sent again: custody did not answer it. */
function mayRetry({ attemptedAt, doneAt, expiresAt }: WalletActEntity, now: Date): boolean {
  if (doneAt || plusSeconds(expiresAt, RETRY_SECONDS) <= now) return false;
  return attemptedAt === null || now.getTime() - attemptedAt.getTime() >= ATTEMPT_MS;
}

function neededConsent(asked: Asked): NeededConsent | null {
  if (asked.isFree) return null;
  const { consent: id, link, expiresAt } = asked;
  return { id, link, expiresAt };
}
