import type { PoolClient } from 'pg';
import type { KeyRing } from '@countersign/crypto';
import {
  type Asked as Answer,
  Refused,
  type ShownConsent,
  type ShownWallet,
} from '@countersign/custody-protocol';
import { together } from '@countersign/database';
import { wiping, wordsOf } from '@countersign/wallet-keys';
import {
  acceptingParamOf,
  assertActing,
  assertLive,
  assertSignedByWayOut,
  assertSigner,
  consentedChanges,
  consentState,
  decodedConsent,
  decodeSigning,
  isAcceptingParam,
  isBindable,
  mayConsent,
  namingText,
  newConsent,
  ownerOf,
  readLaunch,
  readRecipients,
  readyAt,
  sealTo,
  shownAct,
  shownRecipients,
  shownWallet,
  spendingOnWayOut,
  startParamOf,
  wayOutAt,
  withoutNext,
  type Asked,
  type Consent,
  type Launch,
  type WalletState,
} from '@countersign/custody-rules';
import { json, type Handlers } from '../acts';
import type { Allowance } from '../allowance';
import type { Consents } from '../store/consents.repository';
import { acceptingLoss, Written } from '../store/custody-database.repository';
import { journalHead, lastEntries, type NewEntry, nextEntry, writeEntry } from '../store/journal.repository';
import type { SealedWallets, SealedWallet } from '../store/sealed-wallets.repository';

type Launched = Readonly<Record<'launch', string>>;

/** The API asks for consent and cannot give it. Only launches of the consent bot do, and the API lacks its token. */
export class ConsentCalls {
  constructor(
    private readonly wallets: SealedWallets,
    private readonly allowance: Allowance,
    private readonly consents: Consents,
    private readonly ring: KeyRing,
  ) {}

  readonly handlers = {
    /** Refuses an act that custody would not sign with consent either. */
    ask: async (client, { callId, walletId, chain, address, at, act, ...requester }, now) => {
      const signing = { chain, address, at, act };
      const decoded = decodeSigning(signing, this.allowance.rules, now);
      const wallet = await this.wallets.getActing(client, walletId);
      const person = this.wallets.seal.personOf(wallet);
      const spending = { walletId, person, act: decoded, isConsented: false };
      const [free, consented] = await Promise.allSettled([
        this.allowance.assertAct(client, spending, now),
        this.allowance.assertAct(client, { ...spending, isConsented: true }, now),
      ]);
      assertSigner(wallet, decoded);
      const onWayOut = spendingOnWayOut(wallet.wayOut, spending, now);
      if (onWayOut) await this.allowance.assertAct(client, onWayOut, now);
      if (onWayOut || free.status === 'fulfilled') return { isFree: true };
      const other: unknown = consented.status === 'rejected' ? consented.reason : free.reason;
      if (!(other instanceof Refused)) throw other;
      const isAlwaysNeeded = free.reason instanceof Refused && free.reason.code === 'consent_needed';
      if (consented.status === 'rejected') throw isAlwaysNeeded ? other : free.reason;
      const isNobodys = wallet.owner === null && !isBindable(wallet, now);
      if (!isAlwaysNeeded && (isNobodys || !this.botOf(wallet))) throw free.reason;
      const asked = { id: callId, kind: 'sign', walletId, ...requester, ...signing } as const;
      return this.store(client, wallet, asked, now);
    },
    'ask-for': async (client, { callId, walletId, kind, application, session, to }, now) => {
      if ((kind === 'way-out') !== (to !== null)) throw new Refused('malformed');
      const wallet = await this.wallets[kind === 'export' ? 'getActing' : 'getLive'](client, walletId);
      if (kind === 'bind' && !isBindable(wallet, now)) throw new Refused('consent_unavailable');
      if (kind === 'export') {
        const person = this.wallets.seal.personOf(wallet);
        await this.allowance.assertCall(client, 'export', person, now);
      }
      const asked = { id: callId, kind, walletId, application, session };
      return this.store(client, wallet, to ? { ...asked, to: readRecipients(to) } : asked, now);
    },
    asked: async (client, { consent }, now) => {
      const found = await this.get(client, consent);
      return { walletId: found.asked.walletId, kind: found.asked.kind, state: consentState(found, now) };
    },
    show: async (client, call, now) => {
      const { consent, wallet } = await this.opened(client, call.consent, this.launchOf(call, now));
      const { kind, to, application = null } = consent.asked;
      const { rules } = this.allowance;
      const shown: ShownConsent = {
        ...{ kind, state: consentState(consent, now) },
        readyAt: readyAt(consent, rules)?.toISOString() ?? null,
        exportDelayHours: rules.exportDelayHours,
        application,
        act: kind === 'sign' ? shownAct(decodedConsent(consent, rules, now), rules) : null,
        wayOut: to ? shownRecipients(to, wallet.environment === 'test') : null,
        wallet: await this.shown(client, wallet, now),
      };
      return json(shown);
    },
    'naming-text': async (client, call) => {
      const { digest, asked } = await this.get(client, call.consent);
      if (!asked.to) throw new Refused('consent_unknown');
      return { text: namingText(asked.walletId, asked.to, digest), address: asked.to.evm };
    },
    'accept-link': async (client, call, now) => {
      const launch = this.launchOf(call, now);
      const { consent, wallet } = await this.opened(client, call.consent, launch);
      const { digest, asked } = consent;
      const isShown = launch.startParam === startParamOf(digest);
      if (!asked.to || !isShown || consentState(consent, now) !== 'open')
        throw new Refused('consent_unknown');
      const { walletId, to } = asked;
      await assertSignedByWayOut([namingText(walletId, to, digest)], to.evm, call.signature);
      return { link: this.linkOf(wallet, acceptingParamOf(this.ring, digest, now)) };
    },
    accept: async (client, call, now) => {
      const { consent, wallet, launch } = await this.openedByLink(client, call, now);
      const state = consentState(consent, now);
      if (state === 'expired') throw new Refused('consent_unknown');
      if (state !== 'open') return { state };
      const isSecondLaunch = launch.startParam !== startParamOf(consent.digest);
      if (isSecondLaunch !== (consent.asked.kind === 'way-out')) throw new Refused('consent_needed');
      const { digest, asked } = consent;
      const { kind, walletId } = asked;
      const accepted = { ...consent, acceptedAt: now.toISOString() };
      // The later signature has the journal entry. If a crash loses this acceptance, the person accepts again.
      if (kind === 'sign')
        return new Written({ state: 'accepted' }, acceptingLoss(client), this.consents.put(client, accepted));
      if (kind === 'export') {
        assertActing(wallet);
        await writeEntry(client, { call: 'accept', kind, walletId, digest }, now);
        return new Written({ state: 'accepted' }, this.consents.put(client, accepted));
      }
      await this.consents.put(client, { ...accepted, usedFor: kind });
      const entry = { call: kind, kind: 'consented', walletId, consent: digest };
      await this.wallets.change(client, entry, now, async () => consentedChanges(asked, wallet, launch, now));
      return { state: 'done' };
    },
    collect: async (client, call, now) => {
      const { consent, wallet } = await this.openedByLink(client, call, now);
      const ready = readyAt(consent, this.allowance.rules);
      if (!ready) throw new Refused('consent_needed');
      const waitMs = ready.getTime() - now.getTime();
      if (waitMs > 0) throw new Refused('too_early', { retryAfterSeconds: Math.ceil(waitMs / 1_000) });
      assertActing(wallet);
      const { id: callId, walletId } = consent.asked;
      const shown = { callId, call: 'export', walletId, consent: consent.digest };
      const entry = await nextEntry(client, shown, now);
      if (entry) await this.allowance.takeCall(client, 'export', this.wallets.seal.personOf(wallet), now);
      const sealed = this.wallets.seal.withEntropy(wallet, (entropy) =>
        wiping(wordsOf(entropy), (words) =>
          json(sealTo(call.key, `countersign/export/${call.consent}`, words)),
        ),
      );
      const used = this.consents.put(client, { ...consent, usedFor: 'export' });
      return new Written(sealed, used, entry?.write());
    },
    own: async (client, call, now) => {
      const wallets = [];
      for (const wallet of await this.wallets.listOf(client, ownerOf(this.launchOf(call, now))))
        wallets.push(await this.shown(client, wallet, now));
      return json({ wallets });
    },
    'freeze-own': (client, call, now) =>
      this.changeOwn(client, call, { call: 'freeze' }, now, async ({ frozenAt }) =>
        frozenAt ? null : { frozenAt: now.toISOString() },
      ),
    'clear-own': (client, call, now) =>
      this.changeOwn(client, call, { call: 'clear' }, now, async () => ({})),
    'stop-way-out': (client, call, now) =>
      this.changeOwn(client, call, { call: 'way-out', kind: 'stopped' }, now, async ({ wayOut: named }) => {
        const wayOut = wayOutAt(named, now);
        if (!wayOut?.next && !wayOut?.readyAt) return null;
        return { wayOut: withoutNext({ ...wayOut, readyAt: null, openedAt: null }) };
      }),
  } satisfies Partial<Handlers>;

  private launchOf({ launch }: Launched, now: Date): Launch {
    return readLaunch(launch, this.allowance.rules.consentBots, now);
  }

  /** If a crash loses the request, the caller asks again. */
  private async store(
    client: PoolClient,
    wallet: SealedWallet,
    asked: Omit<Asked, 'expiresAt' | 'after'>,
    now: Date,
  ): Promise<Written<Answer>> {
    if (!this.botOf(wallet) || (wallet.owner === null) !== (asked.kind === 'bind'))
      throw new Refused('consent_unavailable');
    const { sequence: after } = await journalHead(client);
    const consent = newConsent({ ...asked, after }, now);
    await this.consents.assertRoom(client, consent, now);
    const answer = {
      isFree: false as const,
      consent: consent.digest.toString('hex'),
      link: this.linkOf(wallet, startParamOf(consent.digest)),
      expiresAt: consent.asked.expiresAt,
    };
    return new Written(answer, acceptingLoss(client), this.consents.put(client, consent));
  }

  private async get(client: PoolClient, consent: string): Promise<Consent> {
    const found = await this.consents.find(client, Buffer.from(consent, 'hex'));
    if (!found) throw new Refused('consent_unknown');
    return found;
  }

  private botOf({ environment }: SealedWallet) {
    return this.allowance.rules.consentBots.find((bot) => bot.environment === environment);
  }

  private linkOf(wallet: SealedWallet, startParam: string): string {
    return `https://t.me/${this.botOf(wallet)?.username ?? ''}?startapp=${startParam}`;
  }

  private async opened(client: PoolClient, id: string, launch: Launch) {
    const [consent, wallet] = await together(this.get(client, id), this.wallets.getOf(client, id));
    const isOfWallet = wallet.id === consent.asked.walletId;
    if (!isOfWallet || !mayConsent(wallet, consent.asked, launch)) throw new Refused('consent_unknown');
    return { launch, consent, wallet };
  }

  /**
   * The launch must be of the link of this consent: the holder of the bot's token can open another page from a menu.
   * The transaction gets the lock of the journal.
   */
  private async openedByLink(client: PoolClient, call: Launched & { readonly consent: string }, now: Date) {
    const launch = this.launchOf(call, now);
    const [digest, { startParam }] = [Buffer.from(call.consent, 'hex'), launch];
    if (startParam !== startParamOf(digest) && !isAcceptingParam(this.ring, digest, startParam, now))
      throw new Refused('consent_unknown');
    return (await together(journalHead(client, 'FOR UPDATE'), this.opened(client, call.consent, launch)))[1];
  }

  private async changeOwn(
    client: PoolClient,
    call: Launched & { readonly walletId: string },
    entry: NewEntry,
    now: Date,
    changesOf: (wallet: SealedWallet) => Promise<Partial<WalletState> | null>,
  ): Promise<null> {
    // A caller without a valid launch must not lock the head of the journal.
    const launch = this.launchOf(call, now);
    return this.wallets.change(client, { ...entry, walletId: call.walletId }, now, async (wallet) => {
      assertLive(wallet);
      if (wallet.owner !== ownerOf(launch)) throw new Refused('wallet_unknown');
      return changesOf(wallet);
    });
  }

  private async shown(client: PoolClient, wallet: SealedWallet, now: Date): Promise<ShownWallet> {
    return { ...shownWallet(wallet.id, wallet, now), last: await lastEntries(client, wallet.id) };
  }
}
