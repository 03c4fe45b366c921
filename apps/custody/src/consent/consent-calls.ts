import { randomUUID } from 'node:crypto';
import type { PoolClient } from 'pg';
import type { Clock } from '@countersign/clock';
import {
  type Answers,
  type Asked,
  type Call,
  type ConsentKind,
  type ConsentState,
  Refused,
  type Signing,
} from '@countersign/custody-protocol';
import { equalsConstantTime, sha256 } from '@countersign/crypto';
import { decodedActJson, type DecodedAct } from '@countersign/wallet-acts';
import {
  evmAddressOf,
  tonPublicKeyOf,
  tonWalletOf,
  wiping,
  wordsOf,
  type WalletKeys,
} from '@countersign/wallet-keys';
import { showTonAddress } from '@countersign/wallet-proofs';
import {
  decodeSigning,
  isWithin,
  type Launch,
  nonceOf,
  readRecipients,
  type Recipients,
  readLaunch,
  sealTo,
  shownRecipients,
} from '@countersign/custody-rules';
import type { Allowance } from '../rules/allowance';
import type { Consent, Consents } from '../store/consents.repository';
import type { CustodyDatabase } from '../store/custody-database.repository';
import { lastEntries, nextEntry, type Entry } from '../store/journal.repository';
import type { SealedWallets, SealedWallet } from '../store/sealed-wallets.repository';
import type { WaysOut } from '../way-out/ways-out';

/** What a person consents to, as JSON. The start parameter of their launch has the SHA-256 of this text. */
interface ConsentText extends Partial<Signing> {
  /** Random. */
  readonly id: string;
  readonly kind: ConsentKind;
  readonly walletId: string;
  /** Of a way out. */
  readonly to?: Recipients;
  /** ISO 8601. */
  readonly expiresAt: string;
}

const START = 'w_';
/** Of a consent that is not accepted, and then of one that is accepted and not used, in milliseconds. */
const LIFETIME_MS = 600_000;
const HOUR_MS = 3_600_000;
/** Within it a new wallet is bound to its person. */
const BINDING_MS = 24 * HOUR_MS;

type CallOf<Name extends Call['call']> = Extract<Call, { call: Name }>;

/** Consent of persons, which the API asks for and cannot give: by launches of a bot that is not its own. */
export class ConsentCalls {
  constructor(
    private readonly database: CustodyDatabase,
    private readonly wallets: SealedWallets,
    private readonly allowance: Allowance,
    private readonly consents: Consents,
    private readonly waysOut: WaysOut,
    private readonly clock: Clock,
  ) {}

  /** @throws Refused where it would not be signed with consent either */
  async ask({ callId, walletId, chain, address, at, act }: CallOf<'ask'>): Promise<Asked> {
    const now = this.clock.now();
    const decoded = decodeSigning({ chain, address, at, act }, this.allowance.rules, now);
    return this.database.transaction(async (client) => {
      const wallet = await this.wallets.findActing(client, walletId);
      const counted = await this.waysOut.countedOf(client, wallet, decoded);
      try {
        await this.allowance.assertAct(client, walletId, counted ?? decoded, now, counted !== null);
        return { isFree: true };
      } catch (error) {
        const isNobodys = wallet.owner === null && !this.isBindable(wallet, now);
        if (!(error instanceof Refused) || isNobodys || !this.botOf(wallet)) throw error;
        await this.allowance.assertAct(client, walletId, decoded, now, true).catch((other: unknown) => {
          throw other instanceof Refused ? error : other;
        });
      }
      const text = { id: callId, kind: 'sign', walletId, chain, address, at, act } as const;
      return this.store(client, wallet, text, now);
    });
  }

  /** @throws Refused */
  async askFor({ callId, walletId, kind }: CallOf<'ask-for'>): Promise<Asked> {
    const now = this.clock.now();
    return this.database.transaction(async (client) => {
      const wallet = await this.wallets[kind === 'export' ? 'findActing' : 'find'](client, walletId);
      if (kind === 'bind' && !this.isBindable(wallet, now)) throw new Refused('consent_unavailable');
      if (kind === 'export') await this.allowance.assertCall(client, 'export', now);
      return this.store(client, wallet, { id: callId, kind, walletId }, now);
    });
  }

  async asked({ consent }: CallOf<'asked'>): Promise<Answers['asked']> {
    return this.database.transaction(async (client) => {
      const found = await this.consents.get(client, digestOf(consent));
      return { walletId: found.walletId, kind: found.kind, state: this.stateOf(found) };
    });
  }

  /**
   * Uses a consent for what is signed now, in the transaction that holds the head of the journal. A transaction with the same nonce and
   * a fee within what was consented to is the same act.
   * @throws Refused `consent_needed`
   */
  async use(
    client: PoolClient,
    call: { readonly walletId: string; readonly callId: string; readonly consent: string },
    act: DecodedAct,
  ): Promise<void> {
    const now = this.clock.now();
    const digest = digestOf(call.consent);
    const consent = await this.consents.get(client, digest);
    const isFor = consent.kind === 'sign' && consent.walletId === call.walletId;
    const state = this.stateOf(consent);
    if (!isFor || state === 'open' || state === 'expired') throw new Refused('consent_needed');
    const usedFor = nonceOf(act) ?? call.callId;
    const isSame = consent.usedFor === null || consent.usedFor === usedFor;
    if (!isSame || !isWithin(this.decoded(consent), act)) throw new Refused('consent_needed');
    await this.consents.setDone(client, digest, usedFor, now);
  }

  async show(call: CallOf<'show'>): Promise<Buffer> {
    const launch = this.launchOf(call);
    return this.database.transaction(async (client) => {
      const { consent, wallet } = await this.reached(client, call.consent, launch);
      const { kind, expiresAt, acceptedAt } = consent;
      const readyAt = kind === 'export' && acceptedAt ? this.readyAt(acceptedAt) : null;
      const { exportDelayHours } = this.allowance.rules;
      const { to } = JSON.parse(consent.text) as ConsentText;
      return json({
        ...{ kind, state: this.stateOf(consent), expiresAt, readyAt, exportDelayHours },
        details: kind === 'sign' ? decodedActJson(this.decoded(consent)) : null,
        wayOut: to ? shownRecipients(to, wallet.environment === 'test') : null,
        wallet: await this.shown(client, wallet),
      });
    });
  }

  /** Again changes nothing. */
  async accept(call: CallOf<'accept'>): Promise<Answers['accept']> {
    const launch = this.launchFor(call);
    const digest = digestOf(call.consent);
    return this.database.transaction(async (client) => {
      const now = this.clock.now();
      const { walletId, kind } = (await this.reached(client, call.consent, launch)).consent;
      const entry = { callId: randomUUID(), call: 'accept', walletId, kind, digest };
      const append = await nextEntry(client, entry, now);
      // Read again under the lock of the journal.
      const { consent } = await this.reached(client, call.consent, launch);
      const state = this.stateOf(consent);
      if (state === 'expired') throw new Refused('consent_unknown');
      if (state !== 'open') return { state };
      if (kind === 'export') await this.wallets.findActing(client, walletId);
      await append?.();
      await this.consents.setAccepted(client, digest, now);
      const isDone = kind !== 'sign' && kind !== 'export';
      if (isDone) await this.consents.setDone(client, digest, kind, now);
      if (kind === 'unfreeze') await this.wallets.setFrozen(client, walletId, null);
      if (kind === 'bind') await this.bind(client, walletId, launch.userId);
      const { to } = JSON.parse(consent.text) as ConsentText;
      if (to) await this.waysOut.name(client, walletId, ownerOf(launch), to);
      return { state: isDone ? 'done' : 'accepted' };
    });
  }

  /** @throws Refused `too_early` */
  async collect(call: CallOf<'collect'>): Promise<Buffer> {
    const launch = this.launchFor(call);
    return this.database.transaction(async (client) => {
      const now = this.clock.now();
      const { consent } = await this.reached(client, call.consent, launch);
      const { walletId, digest, acceptedAt } = consent;
      if (consent.kind !== 'export' || !acceptedAt) throw new Refused('consent_needed');
      const waitMs = this.readyAt(acceptedAt).getTime() - now.getTime();
      if (waitMs > 0) throw new Refused('too_early', { retryAfterSeconds: Math.ceil(waitMs / 1_000) });
      const { id } = JSON.parse(consent.text) as ConsentText;
      const entry: Entry = { callId: id, call: 'export', walletId, kind: null, digest: null };
      const append = await nextEntry(client, entry, now);
      const wallet = await this.wallets.findActing(client, walletId);
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
    });
  }

  async own(call: CallOf<'own'>): Promise<Buffer> {
    const launch = this.launchOf(call);
    return this.database.transaction(async (client) => {
      const wallets = [];
      for (const wallet of await this.wallets.listOf(client, ownerOf(launch)))
        wallets.push(await this.shown(client, wallet));
      return json({ wallets });
    });
  }

  async freezeOwn(call: CallOf<'freeze-own'>): Promise<null> {
    const launch = this.launchOf(call);
    const { walletId } = call;
    return this.database.transaction(async (client) => {
      const now = this.clock.now();
      const entry = { callId: randomUUID(), call: 'freeze', walletId, kind: null, digest: null };
      const append = await nextEntry(client, entry, now);
      await this.assertOwn(client, walletId, launch);
      // Again adds nothing to the journal.
      if ((await this.wallets.get(client, walletId)).frozenAt === null) await append?.();
      await this.freeze(client, walletId, now);
      return null;
    });
  }

  /** @throws Refused `way_out_refused` */
  async nameWayOut(call: CallOf<'name-way-out'>): Promise<Asked> {
    const launch = this.launchOf(call);
    const to = readRecipients(call.address, call.ton);
    const { walletId } = call;
    return this.database.transaction(async (client) => {
      await this.assertOwn(client, walletId, launch);
      const wallet = await this.wallets.find(client, walletId);
      await this.waysOut.assertSigned('name', wallet, call);
      const asked = { id: randomUUID(), kind: 'way-out', walletId, to } as const;
      return this.store(client, wallet, asked, this.clock.now());
    });
  }

  async stopWayOut(call: CallOf<'stop-way-out'>): Promise<null> {
    const launch = this.launchOf(call);
    return this.database.transaction(async (client) => {
      await this.assertOwn(client, call.walletId, launch);
      await this.waysOut.stop(client, call.walletId);
      return null;
    });
  }

  /** The wallet is of this person at Telegram from now on; what another one was asked for ends. */
  async bind(client: PoolClient, walletId: string, userId: string): Promise<void> {
    const { environment } = await this.wallets.find(client, walletId);
    await this.consents.endOpen(client, walletId, this.clock.now());
    await this.wallets.setOwner(client, walletId, ownerOf({ environment, userId }));
  }

  /** Stops the wallet, and ends what was asked of its person. */
  async freeze(client: PoolClient, walletId: string, now: Date): Promise<void> {
    await this.consents.endOpen(client, walletId, now);
    await this.wallets.setFrozen(client, walletId, now);
  }

  /** By the rules of now. */
  private decoded({ text }: Consent): DecodedAct {
    return decodeSigning(JSON.parse(text) as Signing, this.allowance.rules, this.clock.now());
  }

  private launchOf({ launch }: { readonly launch: string }): Launch {
    return readLaunch(launch, this.allowance.rules.consentBots, this.clock.now());
  }

  /** Opened by the link of this consent: the holder of the bot's token can open another page from a menu. */
  private launchFor(call: { readonly launch: string; readonly consent: string }): Launch {
    const launch = this.launchOf(call);
    if (launch.startParam !== `${START}${digestOf(call.consent).toString('base64url')}`)
      throw new Refused('consent_unknown');
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
    const expiresAt = new Date(now.getTime() + LIFETIME_MS);
    const { kind, walletId } = asked;
    const shown: ConsentText = { ...asked, expiresAt: expiresAt.toISOString() };
    const text = JSON.stringify(shown);
    const digest = sha256(text);
    await this.consents.insert(client, { digest, walletId, kind, text, expiresAt });
    return {
      isFree: false,
      consent: digest.toString('hex'),
      link: `https://t.me/${bot.username}?startapp=${START}${digest.toString('base64url')}`,
      expiresAt: expiresAt.toISOString(),
    };
  }

  private isBindable({ owner, createdAt }: SealedWallet, now: Date): boolean {
    return owner === null && now.getTime() - createdAt.getTime() < BINDING_MS;
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
    const consent = await this.consents.get(client, digestOf(consentId));
    const wallet = await this.wallets.get(client, consent.walletId);
    const isNew =
      consent.kind === 'bind' && wallet.owner === null && wallet.environment === launch.environment;
    if (!isNew && !this.isOwn(wallet, launch)) throw new Refused('consent_unknown');
    return { consent, wallet };
  }

  private async assertOwn(client: PoolClient, walletId: string, launch: Launch): Promise<void> {
    if (!this.isOwn(await this.wallets.get(client, walletId), launch)) throw new Refused('wallet_unknown');
  }

  private isOwn({ owner }: SealedWallet, launch: Launch): boolean {
    return this.wallets
      .ownerDigests(ownerOf(launch))
      .some((own) => owner !== null && equalsConstantTime(own, owner));
  }

  private async shown(client: PoolClient, wallet: SealedWallet): Promise<object> {
    const { id, isDestroyed, frozenAt, environment } = wallet;
    const addresses = isDestroyed
      ? null
      : this.wallets.withKeys(wallet, (keys) => addressesOf(keys, environment === 'test'));
    const wayOut = isDestroyed ? null : await this.waysOut.shown(client, wallet);
    return { id, isDestroyed, frozenAt, addresses, wayOut, last: await lastEntries(client, id) };
  }

  private readyAt(acceptedAt: Date): Date {
    return new Date(acceptedAt.getTime() + this.allowance.rules.exportDelayHours * HOUR_MS);
  }

  private stateOf({ kind, expiresAt, acceptedAt, doneAt }: Consent): ConsentState {
    if (doneAt) return 'done';
    const until = expiresAt.getTime() + (acceptedAt ? LIFETIME_MS : 0);
    const isExpired = this.clock.now().getTime() >= until && !(acceptedAt && kind === 'export');
    return isExpired ? 'expired' : acceptedAt ? 'accepted' : 'open';
  }
}

function digestOf(consent: string): Buffer {
  return Buffer.from(consent, 'hex');
}

/** As people see them. */
function addressesOf({ evm, ton }: WalletKeys, isTest: boolean): object {
  const { address } = tonWalletOf(tonPublicKeyOf(ton), isTest ? -3 : -239);
  return { evm: evmAddressOf(evm), ton: showTonAddress(address, { isTest }) };
}

/** Of a person at Telegram. */
function ownerOf({ environment, userId }: Pick<Launch, 'environment' | 'userId'>): string {
  return `${environment}/${userId}`;
}

function json(value: object): Buffer {
  return Buffer.from(JSON.stringify(value));
}
