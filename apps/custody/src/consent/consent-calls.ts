import { randomUUID } from 'node:crypto';
import type { PoolClient } from 'pg';
import { type Answers, type Asked, type CallOf, Refused, type Signing } from '@countersign/custody-protocol';
import { decodedActJson, type DecodedAct } from '@countersign/wallet-acts';
import { together } from '@countersign/database';
import { addressOn, evmAddressOf, wiping, wordsOf } from '@countersign/wallet-keys';
import { showTonAddress } from '@countersign/wallet-proofs';
import {
  consentState,
  decodeSigning,
  isWithin,
  newConsent,
  nonceOf,
  readLaunch,
  readRecipients,
  readyAt,
  sealTo,
  shownRecipients,
  startParamOf,
  type Consent,
  type ConsentText,
  type Launch,
} from '@countersign/custody-rules';
import type { Allowance } from '../rules/allowance';
import type { Consents } from '../store/consents.repository';
import { lastEntries, nextEntry } from '../store/journal.repository';
import type { SealedWallets, SealedWallet } from '../store/sealed-wallets.repository';
import type { WaysOut } from '../way-out/ways-out';

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
  ): Promise<Asked> {
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
    const onWayOut = await this.waysOut.spendingOf(client, wallet, spending, now);
    if (onWayOut) await this.allowance.assertAct(client, onWayOut, now);
    if (onWayOut || free.status === 'fulfilled') return { isFree: true };
    const other: unknown = consented.status === 'rejected' ? consented.reason : free.reason;
    if (!(other instanceof Refused)) throw other;
    const isNobodys = wallet.owner === null && !isBindable(wallet, now);
    if (consented.status === 'rejected' || isNobodys || !this.botOf(wallet)) throw free.reason;
    return this.store(client, wallet, { id: callId, kind: 'sign', walletId, ...signing }, now);
  }

  /** @throws Refused */
  async askFor(client: PoolClient, { callId, walletId, kind }: CallOf<'ask-for'>, now: Date): Promise<Asked> {
    const wallet = await this.wallets[kind === 'export' ? 'getActing' : 'getLive'](client, walletId);
    if (kind === 'bind' && !isBindable(wallet, now)) throw new Refused('consent_unavailable');
    if (kind === 'export') await this.allowance.assertCall(client, 'export', now);
    return this.store(client, wallet, { id: callId, kind, walletId }, now);
  }

  async asked(client: PoolClient, { consent }: CallOf<'asked'>, now: Date): Promise<Answers['asked']> {
    const found = await this.get(client, consent);
    return { walletId: found.walletId, kind: found.kind, state: consentState(found, now) };
  }

  get(client: PoolClient, consent: string): Promise<Consent> {
    return this.consents.get(client, digestOf(consent));
  }

  /**
   * Uses a consent for what is signed now, in the transaction that holds the head of the journal. A transaction with the same nonce and
   * a fee within what was consented to is the same act.
   * @returns what writes it
   * @throws Refused `consent_needed`
   */
  useOf(
    consent: Consent,
    call: { readonly walletId: string; readonly callId: string },
    act: DecodedAct,
    now: Date,
  ): (client: PoolClient) => Promise<void> {
    const isFor = consent.kind === 'sign' && consent.walletId === call.walletId;
    const state = consentState(consent, now);
    if (!isFor || state === 'open' || state === 'expired') throw new Refused('consent_needed');
    const usedFor = nonceOf(act) ?? call.callId;
    const isSame = consent.usedFor === null || consent.usedFor === usedFor;
    if (!isSame || !isWithin(this.decoded(consent, now), act)) throw new Refused('consent_needed');
    return (client) => this.consents.setDone(client, consent.digest, usedFor, now);
  }

  async show(client: PoolClient, call: CallOf<'show'>, now: Date): Promise<Buffer> {
    const { consent, wallet } = await this.reached(client, call.consent, this.launchOf(call, now));
    const { kind, expiresAt } = consent;
    const { rules } = this.allowance;
    const { to } = JSON.parse(consent.text) as ConsentText;
    return json({
      ...{ kind, state: consentState(consent, now), expiresAt },
      ...{ readyAt: readyAt(consent, rules), exportDelayHours: rules.exportDelayHours },
      details: kind === 'sign' ? decodedActJson(this.decoded(consent, now)) : null,
      wayOut: to ? shownRecipients(to, wallet.environment === 'test') : null,
      wallet: await this.shown(client, wallet, now),
    });
  }

  /** Again changes nothing. */
  async accept(client: PoolClient, call: CallOf<'accept'>, now: Date): Promise<Answers['accept']> {
    const launch = this.launchFor(call, now);
    const { walletId, kind, digest } = await this.get(client, call.consent);
    // Read again under the lock of the journal.
    const [append, consent, wallet] = await together(
      nextEntry(client, { call: 'accept', walletId, kind, digest }, now),
      this.get(client, call.consent),
      this.wallets.get(client, walletId),
    );
    this.assertReached(consent, wallet, launch);
    const state = consentState(consent, now);
    if (state === 'expired') throw new Refused('consent_unknown');
    if (state !== 'open') return { state };
    if (kind === 'export') await this.wallets.getActing(client, walletId);
    await together(append?.() ?? Promise.resolve(), this.consents.setAccepted(client, digest, now));
    if (kind === 'sign' || kind === 'export') return { state: 'accepted' };
    await this.consents.setDone(client, digest, kind, now);
    if (kind === 'unfreeze') await this.wallets.setFrozen(client, walletId, null);
    if (kind === 'bind') await this.bind(client, walletId, launch.userId, now);
    const { to } = JSON.parse(consent.text) as ConsentText;
    if (to) await this.waysOut.name(client, walletId, ownerOf(launch), to, now);
    return { state: 'done' };
  }

  /** @throws Refused `too_early` */
  async collect(client: PoolClient, call: CallOf<'collect'>, now: Date): Promise<Buffer> {
    const launch = this.launchFor(call, now);
    const { consent } = await this.reached(client, call.consent, launch);
    const { walletId, digest } = consent;
    const ready = readyAt(consent, this.allowance.rules);
    if (!ready) throw new Refused('consent_needed');
    const waitMs = ready.getTime() - now.getTime();
    if (waitMs > 0) throw new Refused('too_early', { retryAfterSeconds: Math.ceil(waitMs / 1_000) });
    const { id: callId } = JSON.parse(consent.text) as ConsentText;
    const append = await nextEntry(client, { callId, call: 'export', walletId }, now);
    const wallet = await this.wallets.getActing(client, walletId);
    // Read again under the lock of the journal: a freeze ends it.
    if (!(await this.consents.get(client, digest)).acceptedAt) throw new Refused('consent_needed');
    if (append) await this.allowance.takeCall(client, 'export', now);
    await append?.();
    await this.consents.setDone(client, digest, 'export', now);
    return wiping(this.wallets.entropyOf(wallet), (entropy) =>
      wiping(wordsOf(entropy), (words) =>
        json(sealTo(call.key, `countersign/export/${call.consent}`, words)),
      ),
    );
  }

  async own(client: PoolClient, call: CallOf<'own'>, now: Date): Promise<Buffer> {
    const wallets = [];
    for (const wallet of await this.wallets.listOf(client, ownerOf(this.launchOf(call, now))))
      wallets.push(await this.shown(client, wallet, now));
    return json({ wallets });
  }

  async freezeOwn(client: PoolClient, call: CallOf<'freeze-own'>, now: Date): Promise<null> {
    const { walletId } = call;
    const launch = this.launchOf(call, now);
    const append = await nextEntry(client, { call: 'freeze', walletId }, now);
    const wallet = await this.wallets.get(client, walletId);
    if (!this.isOwn(wallet, launch)) throw new Refused('wallet_unknown');
    // Again adds nothing to the journal.
    if (wallet.frozenAt === null) await append?.();
    await this.freeze(client, walletId, now);
    return null;
  }

  /** @throws Refused `way_out_refused` */
  async nameWayOut(client: PoolClient, call: CallOf<'name-way-out'>, now: Date): Promise<Asked> {
    const to = readRecipients(call.address, call.ton);
    const { walletId } = call;
    const wallet = await this.ownLive(client, call, now);
    await this.waysOut.assertSigned('name', wallet, call, now);
    return this.store(client, wallet, { id: randomUUID(), kind: 'way-out', walletId, to }, now);
  }

  async stopWayOut(client: PoolClient, call: CallOf<'stop-way-out'>, now: Date): Promise<null> {
    await this.ownLive(client, call, now);
    await this.waysOut.stop(client, call.walletId, now);
    return null;
  }

  /** The wallet is of this person at Telegram from now on; what another one was asked for ends. */
  async bind(client: PoolClient, walletId: string, userId: string, now: Date): Promise<void> {
    const { environment } = await this.wallets.getLive(client, walletId);
    await this.consents.endOpen(client, walletId, now);
    await this.wallets.setOwner(client, walletId, ownerOf({ environment, userId }));
  }

  /** Stops the wallet, and ends what was asked of its person. */
  async freeze(client: PoolClient, walletId: string, now: Date): Promise<void> {
    await this.consents.endOpen(client, walletId, now);
    await this.wallets.setFrozen(client, walletId, now);
  }

  /** By the rules of now. */
  private decoded({ text }: Consent, now: Date): DecodedAct {
    return decodeSigning(JSON.parse(text) as Signing, this.allowance.rules, now);
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

  /** @throws Refused `consent_unavailable` where nobody can give it */
  private async store(
    client: PoolClient,
    wallet: SealedWallet,
    asked: Omit<ConsentText, 'expiresAt'>,
    now: Date,
  ): Promise<Asked> {
    const bot = this.botOf(wallet);
    if (!bot || (wallet.owner === null) !== (asked.kind === 'bind')) throw new Refused('consent_unavailable');
    const consent = newConsent(asked, now);
    await this.consents.insert(client, consent);
    return {
      isFree: false,
      consent: consent.digest.toString('hex'),
      link: `https://t.me/${bot.username}?startapp=${startParamOf(consent.digest)}`,
      expiresAt: consent.expiresAt.toISOString(),
    };
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
    const consent = await this.get(client, consentId);
    const wallet = await this.wallets.get(client, consent.walletId);
    this.assertReached(consent, wallet, launch);
    return { consent, wallet };
  }

  private assertReached({ kind }: Consent, wallet: SealedWallet, launch: Launch): void {
    const isNew = kind === 'bind' && wallet.owner === null && wallet.environment === launch.environment;
    if (!isNew && !this.isOwn(wallet, launch)) throw new Refused('consent_unknown');
  }

  /** @throws Refused `wallet_unknown`, `wallet_destroyed` */
  private async ownLive(
    client: PoolClient,
    call: { readonly walletId: string; readonly launch: string },
    now: Date,
  ): Promise<SealedWallet> {
    const launch = this.launchOf(call, now);
    const wallet = await this.wallets.getLive(client, call.walletId);
    if (!this.isOwn(wallet, launch)) throw new Refused('wallet_unknown');
    return wallet;
  }

  private isOwn({ owner }: SealedWallet, launch: Launch): boolean {
    return owner !== null && this.wallets.ownerDigests(ownerOf(launch)).includes(owner);
  }

  /** As people see it. */
  private async shown(client: PoolClient, wallet: SealedWallet, now: Date): Promise<object> {
    const { id, isDestroyed, frozenAt, environment } = wallet;
    const isTest = environment === 'test';
    const addresses = isDestroyed
      ? null
      : this.wallets.withKeys(wallet, (keys) => ({
          evm: evmAddressOf(keys.evm),
          ton: showTonAddress(addressOn(keys, isTest ? 'ton:-3' : 'ton:-239'), { isTest }),
        }));
    const wayOut = isDestroyed ? null : await this.waysOut.shown(client, wallet, now);
    return { id, isDestroyed, frozenAt, addresses, wayOut, last: await lastEntries(client, id) };
  }
}

function isBindable({ owner, createdAt }: SealedWallet, now: Date): boolean {
  return owner === null && now.getTime() - createdAt.getTime() < BINDING_MS;
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
