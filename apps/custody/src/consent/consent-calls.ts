import { randomUUID } from 'node:crypto';
import type { PoolClient } from 'pg';
import {
  type Answers,
  type Asked as Answer,
  type CallOf,
  Refused,
  type Signing,
} from '@countersign/custody-protocol';
import { decodedActJson, type DecodedAct } from '@countersign/wallet-acts';
import { together } from '@countersign/database';
import { addressOn, wiping, wordsOf } from '@countersign/wallet-keys';
import { showTonAddress } from '@countersign/wallet-proofs';
import {
  consentState,
  decodeSigning,
  isWithin,
  namedWayOut,
  newConsent,
  nonceOf,
  readLaunch,
  readRecipients,
  readyAt,
  sealTo,
  shownRecipients,
  startParamOf,
  type Asked,
  type Consent,
  type Launch,
} from '@countersign/custody-rules';
import type { Allowance } from '../rules/allowance';
import type { Consents } from '../store/consents.repository';
import { acceptingLoss, Written } from '../store/custody-database.repository';
import { journalHead, lastEntries, nextEntry, type NextEntry } from '../store/journal.repository';
import { assertActing, type SealedWallets, type SealedWallet } from '../store/sealed-wallets.repository';
import { spendingOnWayOut, wayOutOf, type WaysOut } from '../way-out/ways-out';

/** Within it a new wallet is bound to its person, in milliseconds. */
const BINDING_MS = 24 * 3_600_000;

/** Consent of persons, which the API asks for and cannot give: by launches of a bot that is not its own. */
export class ConsentCalls {
  constructor(
    private readonly wallets: SealedWallets,
    private readonly allowance: Allowance,
    private readonly consents: Consents,
    private readonly waysOut: WaysOut,
  ) {}

  /** @throws Refused where it would not be signed with consent either */
  async ask(
    client: PoolClient,
    { callId, walletId, chain, address, at, act }: CallOf<'ask'>,
    now: Date,
  ): Promise<Answer | Written<Answer>> {
    const signing = { chain, address, at, act };
    const decoded = decodeSigning(signing, this.allowance.rules, now);
    const spending = { walletId, act: decoded, isConsented: false };
    const [found, free, consented] = await Promise.allSettled([
      this.wallets.getActing(client, walletId),
      this.allowance.assertAct(client, spending, now),
      this.allowance.assertAct(client, { ...spending, isConsented: true }, now),
    ]);
    if (found.status === 'rejected') throw found.reason;
    const wallet = found.value;
    const onWayOut = spendingOnWayOut(wallet, spending, now);
    if (onWayOut) await this.allowance.assertAct(client, onWayOut, now);
    if (onWayOut || free.status === 'fulfilled') return { isFree: true };
    const other: unknown = consented.status === 'rejected' ? consented.reason : free.reason;
    if (!(other instanceof Refused)) throw other;
    const isNobodys = wallet.owner === null && !isBindable(wallet, now);
    if (consented.status === 'rejected' || isNobodys || !this.botOf(wallet)) throw free.reason;
    return this.store(client, wallet, { id: callId, kind: 'sign', walletId, ...signing }, now);
  }

  /** @throws Refused */
  async askFor(
    client: PoolClient,
    { callId, walletId, kind }: CallOf<'ask-for'>,
    now: Date,
  ): Promise<Written<Answer>> {
    const wallet = await this.wallets[kind === 'export' ? 'getActing' : 'getLive'](client, walletId);
    if (kind === 'bind' && !isBindable(wallet, now)) throw new Refused('consent_unavailable');
    if (kind === 'export') await this.allowance.assertCall(client, 'export', now);
    return this.store(client, wallet, { id: callId, kind, walletId }, now);
  }

  async asked(client: PoolClient, { consent }: CallOf<'asked'>, now: Date): Promise<Answers['asked']> {
    const found = await this.get(client, consent);
    return { walletId: found.asked.walletId, kind: found.asked.kind, state: consentState(found, now) };
  }

  find(client: PoolClient, consent: string): Promise<Consent | null> {
    return this.consents.find(client, digestOf(consent));
  }

  /**
   * Uses a consent for what is signed now, in the transaction that holds the head of the journal. A transaction with the same nonce and
   * a fee within what was consented to is the same act.
   * @returns what writes it
   * @throws Refused `consent_needed`
   */
  useOf(
    client: PoolClient,
    consent: Consent | null,
    { walletId, callId }: CallOf<'sign'>,
    act: DecodedAct,
    now: Date,
  ): () => Promise<void> {
    if (consent?.asked.kind !== 'sign' || consent.asked.walletId !== walletId)
      throw new Refused('consent_needed');
    const state = consentState(consent, now);
    if (state === 'open' || state === 'expired') throw new Refused('consent_needed');
    const usedFor = nonceOf(act) ?? callId;
    const isSame = consent.usedFor === null || consent.usedFor === usedFor;
    if (!isSame || !isWithin(this.decoded(consent, now), act)) throw new Refused('consent_needed');
    return () => this.consents.put(client, { ...consent, usedFor });
  }

  async show(client: PoolClient, call: CallOf<'show'>, now: Date): Promise<Buffer> {
    const { consent, wallet } = await this.reached(client, call.consent, this.launchOf(call, now));
    const { kind, expiresAt, to } = consent.asked;
    const { rules } = this.allowance;
    return json({
      ...{ kind, state: consentState(consent, now), expiresAt },
      ...{ readyAt: readyAt(consent, rules), exportDelayHours: rules.exportDelayHours },
      details: kind === 'sign' ? decodedActJson(this.decoded(consent, now)) : null,
      wayOut: to ? shownRecipients(to, wallet.environment === 'test') : null,
      wallet: await this.shown(client, wallet, now),
    });
  }

  /** Again changes nothing. */
  async accept(
    client: PoolClient,
    call: CallOf<'accept'>,
    now: Date,
  ): Promise<Written<Answers['accept']> | Answers['accept']> {
    const launch = this.launchFor(call, now);
    const [, { consent, wallet }] = await together(
      journalHead(client, 'FOR UPDATE'),
      this.reached(client, call.consent, launch),
    );
    const state = consentState(consent, now);
    if (state === 'expired') throw new Refused('consent_unknown');
    if (state !== 'open') return { state };
    const { kind, walletId, to } = consent.asked;
    const { digest } = consent;
    const accepted = { ...consent, acceptedAt: now.toISOString() };
    // The entry of the signature follows. What is lost with the machine is accepted again.
    if (kind === 'sign')
      return new Written({ state: 'accepted' }, acceptingLoss(client), this.consents.put(client, accepted));
    if (kind === 'export') {
      assertActing(wallet);
      const entry = await nextEntry(client, { call: 'accept', walletId, kind, digest }, now);
      if (!entry) return { state };
      return new Written({ state: 'accepted' }, entry.write(), this.consents.put(client, accepted));
    }
    const entry = await nextEntry(client, { call: kind, walletId, kind: 'consented', digest }, now);
    if (!entry) return { state };
    if (kind === 'bind') await this.consents.deleteOf(client, walletId);
    await this.consents.put(client, { ...accepted, usedFor: kind });
    await this.wallets.change(client, wallet, entry, {
      ...(kind === 'unfreeze' ? { frozenAt: null } : {}),
      ...(kind === 'bind' ? { owner: ownerOf(launch) } : {}),
      ...(to ? { wayOut: namedWayOut(wayOutOf(wallet, now), to, now) } : {}),
    });
    return { state: 'done' };
  }

  /** @throws Refused `too_early` */
  async collect(client: PoolClient, call: CallOf<'collect'>, now: Date): Promise<Written<Buffer>> {
    const launch = this.launchFor(call, now);
    const [, { consent, wallet }] = await together(
      journalHead(client, 'FOR UPDATE'),
      this.reached(client, call.consent, launch),
    );
    const ready = readyAt(consent, this.allowance.rules);
    if (!ready) throw new Refused('consent_needed');
    const waitMs = ready.getTime() - now.getTime();
    if (waitMs > 0) throw new Refused('too_early', { retryAfterSeconds: Math.ceil(waitMs / 1_000) });
    assertActing(wallet);
    const { id: callId, walletId } = consent.asked;
    const entry = await nextEntry(client, { callId, call: 'export', walletId }, now);
    if (entry) await this.allowance.takeCall(client, 'export', now);
    const sealed = wiping(this.wallets.entropyOf(wallet), (entropy) =>
      wiping(wordsOf(entropy), (words) =>
        json(sealTo(call.key, `countersign/export/${call.consent}`, words)),
      ),
    );
    const used = this.consents.put(client, { ...consent, usedFor: 'export' });
    return new Written(sealed, used, ...(entry ? [entry.write()] : []));
  }

  async own(client: PoolClient, call: CallOf<'own'>, now: Date): Promise<Buffer> {
    const wallets = [];
    for (const wallet of await this.wallets.listOf(client, ownerOf(this.launchOf(call, now))))
      wallets.push(await this.shown(client, wallet, now));
    return json({ wallets });
  }

  /** Again changes nothing. */
  async freezeOwn(client: PoolClient, call: CallOf<'freeze-own'>, now: Date): Promise<null> {
    const { walletId } = call;
    const entry = await nextEntry(client, { call: 'freeze', walletId }, now);
    const wallet = await this.ownLive(client, call, now);
    if (entry && wallet.frozenAt === null) await this.freeze(client, wallet, entry, now);
    return null;
  }

  /** @throws Refused `way_out_refused` */
  async nameWayOut(client: PoolClient, call: CallOf<'name-way-out'>, now: Date): Promise<Written<Answer>> {
    const to = readRecipients(call.address, call.ton);
    const { walletId } = call;
    const wallet = await this.ownLive(client, call, now);
    await this.waysOut.assertSigned('name', wallet, call, now);
    return this.store(client, wallet, { id: randomUUID(), kind: 'way-out', walletId, to }, now);
  }

  async stopWayOut(client: PoolClient, call: CallOf<'stop-way-out'>, now: Date): Promise<null> {
    const { walletId } = call;
    const entry = await nextEntry(client, { call: 'way-out', walletId, kind: 'stopped' }, now);
    await this.waysOut.stop(client, await this.ownLive(client, call, now), entry, now);
    return null;
  }

  /** The wallet is of this person at Telegram from now on; what another one was asked for, or named, ends. */
  async bind(client: PoolClient, wallet: SealedWallet, entry: NextEntry, userId: string): Promise<void> {
    const owner = ownerOf({ environment: wallet.environment, userId });
    await this.consents.deleteOf(client, wallet.id);
    await this.wallets.change(client, wallet, entry, {
      owner,
      wayOut: wallet.owner === owner ? wallet.wayOut : null,
    });
  }

  /** Stops the wallet, and ends what was asked of its person. A wallet that is frozen keeps its instant. */
  async freeze(client: PoolClient, wallet: SealedWallet, entry: NextEntry, now: Date): Promise<void> {
    await this.consents.deleteOf(client, wallet.id);
    await this.wallets.change(client, wallet, entry, { frozenAt: wallet.frozenAt ?? now.toISOString() });
  }

  /** By the rules of now. */
  private decoded({ asked }: Consent, now: Date): DecodedAct {
    return decodeSigning(asked as Signing, this.allowance.rules, now);
  }

  private launchOf({ launch }: { readonly launch: string }, now: Date): Launch {
    return readLaunch(launch, this.allowance.rules.consentBots, now);
  }

  /** Opened by the link of this consent: the holder of the bot's token can open another page from a menu. */
  private launchFor(call: { readonly launch: string; readonly consent: string }, now: Date): Launch {
    const launch = this.launchOf(call, now);
    if (launch.startParam !== startParamOf(digestOf(call.consent))) throw new Refused('consent_unknown');
    return launch;
  }

  /** What is lost with the machine is asked for again. @throws Refused `consent_unavailable` where nobody can give it */
  private store(
    client: PoolClient,
    wallet: SealedWallet,
    asked: Omit<Asked, 'expiresAt'>,
    now: Date,
  ): Written<Answer> {
    const bot = this.botOf(wallet);
    if (!bot || (wallet.owner === null) !== (asked.kind === 'bind')) throw new Refused('consent_unavailable');
    const consent = newConsent(asked, now);
    const answer = {
      isFree: false as const,
      consent: consent.digest.toString('hex'),
      link: `https://t.me/${bot.username}?startapp=${startParamOf(consent.digest)}`,
      expiresAt: consent.asked.expiresAt,
    };
    const writes = [this.consents.put(client, consent), this.consents.deleteSurplus(client, consent)];
    return new Written(answer, acceptingLoss(client), ...writes);
  }

  /** @throws Refused `consent_unknown` */
  private async get(client: PoolClient, consent: string): Promise<Consent> {
    const found = await this.find(client, consent);
    if (!found) throw new Refused('consent_unknown');
    return found;
  }

  private botOf({ environment }: SealedWallet) {
    return this.allowance.rules.consentBots.find((bot) => bot.environment === environment);
  }

  /** A consent, and its wallet, for the person who may read both. @throws Refused `consent_unknown` */
  private async reached(
    client: PoolClient,
    consentId: string,
    launch: Launch,
  ): Promise<{ readonly consent: Consent; readonly wallet: SealedWallet }> {
    const [consent, wallet] = await together(
      this.get(client, consentId),
      this.wallets.getOf(client, digestOf(consentId)),
    );
    const { kind, walletId } = consent.asked;
    const isNew = kind === 'bind' && wallet.owner === null && wallet.environment === launch.environment;
    if (wallet.id !== walletId || !(isNew || isOwn(wallet, launch))) throw new Refused('consent_unknown');
    return { consent, wallet };
  }

  /** @throws Refused `wallet_unknown`, `wallet_destroyed` */
  private async ownLive(
    client: PoolClient,
    call: { readonly walletId: string; readonly launch: string },
    now: Date,
  ): Promise<SealedWallet> {
    const launch = this.launchOf(call, now);
    const wallet = await this.wallets.getLive(client, call.walletId);
    if (!isOwn(wallet, launch)) throw new Refused('wallet_unknown');
    return wallet;
  }

  /** As people see it. */
  private async shown(client: PoolClient, wallet: SealedWallet, now: Date): Promise<object> {
    const { id, frozenAt, environment } = wallet;
    const isDestroyed = wallet.destroyedAt !== null;
    const isTest = environment === 'test';
    const addresses = isDestroyed
      ? null
      : {
          evm: wallet.evmAddress,
          ton: showTonAddress(addressOn(wallet, isTest ? 'ton:-3' : 'ton:-239'), { isTest }),
        };
    const wayOut = isDestroyed ? null : this.waysOut.shown(wallet, now);
    return { id, isDestroyed, frozenAt, addresses, wayOut, last: await lastEntries(client, id) };
  }
}

function isBindable({ owner, createdAt }: SealedWallet, now: Date): boolean {
  return owner === null && now.getTime() - Date.parse(createdAt) < BINDING_MS;
}

function isOwn({ owner }: SealedWallet, launch: Launch): boolean {
  return owner === ownerOf(launch);
}

function digestOf(consent: string): Buffer {
  return Buffer.from(consent, 'hex');
}

/** Of a person at Telegram. */
function ownerOf({ environment, userId }: Pick<Launch, 'environment' | 'userId'>): string {
  return `${environment}/${userId}`;
}

function json(value: object): Buffer {
  return Buffer.from(JSON.stringify(value));
}
