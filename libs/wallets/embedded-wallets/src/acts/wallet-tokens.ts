import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { AuditService } from '@countersign/audit';
import { Clock, plusSeconds } from '@countersign/clock';
import { KeyRing, mintToken, readToken, tokenDigest } from '@countersign/crypto';
import { Database, OneAtATime } from '@countersign/database';
import { OwnWallets, WalletKeys } from '@countersign/linked-wallets';
import type { Principal } from '@countersign/sessions';
import { UsersService } from '@countersign/users';
import { neededConsent, type NeededConsent } from '../consents/needed-consent';
import { Custody } from '../custody';
import { embeddedWalletError } from '../embedded-wallets.errors';
import { EmbeddedWallets, type TokenOrigin } from '../own/embedded-wallets.service';
import type { WalletActEntity } from '../store/wallet-act.entity';
import { WalletActsRepository } from '../store/wallet-acts.repository';
import { actDigest, sealedDetails } from '../store/wallet-act-sealing';
import { ActMetrics } from './act-metrics';
import { ActReading } from './act-reading';
import { ActRules } from './act-rules';
import type { ReadAct, WantedAct } from './read-act';
import { isFor, mayRetry, type AllowedAct, type ForeignToken, type IssuedToken } from './wallet-token';

const PREFIX = 'cs_wt';
const SECRET_BYTES = 32;
const TOKEN_SECONDS = 60;
/** As long as custody takes a consent: ten minutes to give it, and ten to use it. */
const CONSENT_SECONDS = 1_200;

/** One-use tokens: each lets one session do one act with one wallet, exactly as it was asked for, within a minute. */
@Injectable()
export class WalletTokens {
  /** Calls of one person queue outside the database: each would take a connection while it waits for the row of the person. */
  private readonly turns = new OneAtATime();

  constructor(
    private readonly database: Database,
    private readonly wallets: OwnWallets,
    private readonly reading: ActReading,
    private readonly embeddedWallets: EmbeddedWallets,
    private readonly rules: ActRules,
    private readonly acts: WalletActsRepository,
    private readonly keys: WalletKeys,
    private readonly users: UsersService,
    private readonly custody: Custody,
    private readonly metrics: ActMetrics,
    private readonly keyRing: KeyRing,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /**
   * @throws AppError wallet.not_found, wallet.not_embedded, what `ActReading.read` refuses, and as `ActRules.assertMay`, and what custody refuses
   */
  async issue(caller: Principal, walletId: string, wanted: WantedAct): Promise<IssuedToken> {
    return this.metrics.counted(wanted.act, 'allowed', () => this.make(caller, walletId, wanted));
  }

  private async make(caller: Principal, walletId: string, wanted: WantedAct): Promise<IssuedToken> {
    const issuedAt = this.clock.now();
    const inTurn = <T>(work: (tx: EntityManager) => Promise<T>): Promise<T> =>
      this.turns.run(caller.userId, () => this.database.transaction(work));
    // No node is asked for a session that may not send.
    if (wanted.act === 'send')
      await inTurn(async (tx) => {
        await this.users.lock(tx, caller.userId);
        await this.rules.assertMay(tx, caller, walletId, wanted, null);
      });
    const read = await this.read(caller, walletId, wanted, issuedAt);
    const walletToken = mintToken(this.keyRing, PREFIX, randomBytes(SECRET_BYTES));
    const id = uuidv7();
    const consent = await this.neededFor(id, walletId, read);
    const expiresIn = consent ? CONSENT_SECONDS : TOKEN_SECONDS;
    await inTurn(async (tx) => {
      await this.users.lock(tx, caller.userId);
      await this.rules.assertMay(tx, caller, walletId, wanted, read.details);
      const wallet = await this.keys.openOne(tx, walletId);
      const expiresAt = plusSeconds(issuedAt, expiresIn);
      const { applicationId, sessionId } = caller;
      await this.acts.insert(tx, {
        ...{ id, walletId, applicationId, sessionId, act: wanted.act, expiresAt },
        digest: actDigest(wallet, read.digest),
        details: sealedDetails.seal(wallet.dataKey, id, read.details),
        tokenDigest: tokenDigest(walletToken),
        consent: consent?.consentId ?? null,
        ...{ allowedAt: null, attemptedAt: null, doneAt: null },
      });
    });
    return { walletToken, expiresIn, read, consent };
  }

  /** Asks custody, which refuses here what it would refuse with consent too. */
  private async neededFor(
    callId: string,
    walletId: string,
    { asked }: ReadAct,
  ): Promise<NeededConsent | null> {
    if (!asked) return null;
    return neededConsent(await this.custody.answer((client) => client.ask({ callId, walletId }, asked)));
  }

  /**
   * Uses up the token in the transaction that records the act. Where custody did not answer, the same call may be sent again.
   * @throws AppError wallet.token_invalid, wallet.token_used, and as `issue`
   */
  async use(
    caller: Principal,
    walletId: string,
    { walletToken, ...wanted }: WantedAct & { readonly walletToken: string },
  ): Promise<AllowedAct> {
    const issued = await this.find(walletToken);
    // What is signed may state the instant of the token.
    const read = await this.read(
      caller,
      walletId,
      wanted,
      plusSeconds(issued.expiresAt, issued.consent === null ? -TOKEN_SECONDS : -CONSENT_SECONDS),
    );
    return this.database.transaction(async (tx) => {
      const act = await this.lock(tx, caller, walletId, { ...wanted, walletToken }, read);
      const now = this.clock.now();
      if (act.allowedAt) {
        if (!mayRetry(act, now)) throw embeddedWalletError('wallet.token_used');
        await this.acts.setAttempted(tx, act.id, now);
      } else await this.allowAct(tx, caller, act, read);
      return { id: act.id, read, consent: act.consent };
    });
  }

  /** Of a token that was made. Junk is refused before the database is asked. @throws AppError wallet.token_invalid */
  async find(walletToken: string): Promise<WalletActEntity> {
    if (readToken(this.keyRing, PREFIX, SECRET_BYTES, walletToken) === null)
      throw embeddedWalletError('wallet.token_invalid');
    const digest = tokenDigest(walletToken);
    const issued = await this.database.read((manager) => this.acts.findByToken(manager, digest));
    if (!issued) throw embeddedWalletError('wallet.token_invalid');
    return issued;
  }

  /**
   * Uses up the token of a send in the transaction that stores what is sent.
   * @returns the consent that it came with
   * @throws AppError as `use`
   */
  async consume(
    tx: EntityManager,
    caller: Principal,
    walletId: string,
    walletToken: string,
    read: ReadAct,
  ): Promise<string | null> {
    const act = await this.lock(tx, caller, walletId, { act: 'send', walletToken }, read);
    if (act.allowedAt) throw embeddedWalletError('wallet.token_used');
    await this.allowAct(tx, caller, act, read);
    await this.acts.setDone(tx, act.id, this.clock.now());
    return act.consent;
  }

  private async lock(
    tx: EntityManager,
    caller: Principal,
    walletId: string,
    { walletToken, ...wanted }: WantedAct & { readonly walletToken: string },
    read: ReadAct,
  ): Promise<WalletActEntity> {
    await this.users.lock(tx, caller.userId);
    await this.rules.assertMay(tx, caller, walletId, wanted, read.details);
    const act = await this.acts.lockByToken(tx, tokenDigest(walletToken));
    const digest = actDigest(await this.keys.openOne(tx, walletId), read.digest);
    if (!act || !isFor(act, caller, walletId, wanted, digest))
      throw embeddedWalletError('wallet.token_invalid');
    return act;
  }

  private async allowAct(
    tx: EntityManager,
    caller: Principal,
    act: WalletActEntity,
    read: ReadAct,
  ): Promise<void> {
    const now = this.clock.now();
    if (act.expiresAt <= now) throw embeddedWalletError('wallet.token_invalid');
    await this.acts.setAllowed(tx, act.id, now);
    await this.recordAllowed(tx, caller, act, read);
  }

  /**
   * Records an act whose token another API made before the act was known.
   * @throws AppError what `token.consume` throws, and as `issue`
   */
  async allow(
    caller: Principal,
    walletId: string,
    wanted: WantedAct,
    token: ForeignToken,
  ): Promise<AllowedAct> {
    const now = this.clock.now();
    const read = await this.read(caller, walletId, wanted, now, 'compat');
    const id = await this.database.transaction((tx) =>
      this.useForeign(tx, caller, walletId, wanted, { token, read, now }),
    );
    return { id, read, consent: null };
  }

  /**
   * As `consume`, with a token of another API, for which nobody consents.
   * @throws AppError what `token.consume` throws, and as `issue`
   */
  async spendForeign(
    tx: EntityManager,
    caller: Principal,
    walletId: string,
    token: ForeignToken,
    read: ReadAct,
  ): Promise<null> {
    const now = this.clock.now();
    const id = await this.useForeign(tx, caller, walletId, { act: 'send' }, { token, read, now });
    await this.acts.setDone(tx, id, now);
    return null;
  }

  private async useForeign(
    tx: EntityManager,
    caller: Principal,
    walletId: string,
    wanted: WantedAct,
    { token, read, now }: { readonly token: ForeignToken; readonly read: ReadAct; readonly now: Date },
  ): Promise<string> {
    await this.users.lock(tx, caller.userId);
    await token.consume(tx);
    await this.rules.assertMay(tx, caller, walletId, wanted, read.details, 'compat');
    const wallet = await this.keys.openOne(tx, walletId);
    const [id, { applicationId, sessionId }] = [uuidv7(), caller];
    const act = { id, walletId, act: wanted.act, digest: actDigest(wallet, read.digest) };
    await this.acts.insert(tx, {
      ...{ ...act, applicationId, sessionId, expiresAt: token.expiresAt },
      details: sealedDetails.seal(wallet.dataKey, id, read.details),
      tokenDigest: tokenDigest(token.id),
      ...{ consent: null, allowedAt: now, attemptedAt: now, doneAt: null },
    });
    await this.recordAllowed(tx, caller, act, read);
    return id;
  }

  private async recordAllowed(
    tx: EntityManager,
    { sessionId, applicationId }: Principal,
    { id: actId, walletId, act, digest }: Pick<WalletActEntity, 'id' | 'walletId' | 'act' | 'digest'>,
    { trail }: ReadAct,
  ): Promise<void> {
    await this.audit.record(tx, 'wallet.act_allowed', {
      actor: `session:${sessionId}`,
      applicationId,
      subject: walletId,
      details: { actId, act, digest: digest.toString('hex'), ...trail },
    });
  }

  /** Custody has answered. */
  async done(actId: string): Promise<void> {
    await this.database.transaction((tx) => this.acts.setDone(tx, actId, this.clock.now()));
  }

  /** Custody did not answer: the same call may be sent again at once. */
  async notAnswered(actId: string): Promise<void> {
    await this.database.transaction((tx) => this.acts.setAttempted(tx, actId, null));
  }

  private async read(
    caller: Principal,
    walletId: string,
    wanted: WantedAct,
    issuedAt: Date,
    by: TokenOrigin = 'native',
  ): Promise<ReadAct> {
    const settings = await this.embeddedWallets.settingsOf(caller.applicationId, { by });
    const own = await this.wallets.get(caller, walletId);
    if (own.wallet.kind !== 'embedded') throw embeddedWalletError('wallet.not_embedded');
    return this.reading.read(own, wanted, settings, issuedAt);
  }
}
