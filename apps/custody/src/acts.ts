import type { PoolClient } from 'pg';
import type { Clock } from '@countersign/clock';
import {
  type Answers,
  type Call,
  type CallOf,
  type CustodyHealth,
  Refused,
  type WalletDescription,
} from '@countersign/custody-protocol';
import { sha256 } from '@countersign/crypto';
import { decodeSigning, ForeignRow, spendingOnWayOut } from '@countersign/custody-rules';
import { together } from '@countersign/database';
import { addressOn, digestToSign, signDigest } from '@countersign/wallet-keys';
import type { Comparison } from './comparison';
import type { ConsentCalls } from './consent/consent-calls';
import type { Allowance } from './rules/allowance';
import { type CustodyDatabase, Written } from './store/custody-database.repository';
import {
  findBrake,
  followJournal,
  journalHead,
  type NewEntry,
  type NextEntry,
  nextEntry,
  pullBrake,
} from './store/journal.repository';
import type { SealedWallet, SealedWallets } from './store/sealed-wallets.repository';
import type { WaysOut } from './way-out/ways-out';

type Handlers = {
  readonly [Name in Call['call']]: (
    client: PoolClient,
    call: CallOf<Name>,
    now: Date,
  ) => Promise<Answers[Name] | Written<Answers[Name]>>;
};

const FOREIGN_ROW = 'the row of a wallet was not written by custody';

/** What the calls do. An act and its entry in the journal are one transaction, committed before the answer leaves. */
export class Acts {
  constructor(
    private readonly database: CustodyDatabase,
    private readonly wallets: SealedWallets,
    private readonly allowance: Allowance,
    private readonly consents: ConsentCalls,
    private readonly waysOut: WaysOut,
    private readonly comparison: Comparison | null,
    private readonly clock: Clock,
  ) {}

  /** @throws Refused */
  async answer(call: Call): Promise<Answers[Call['call']]> {
    const handle = this.handlers[call.call] as Handlers['sign'];
    try {
      return await this.database.transaction((client) =>
        handle(client, call as CallOf<'sign'>, this.clock.now()),
      );
    } catch (error) {
      if (!(error instanceof ForeignRow)) throw error;
      await this.database.transaction((client) => pullBrake(client, FOREIGN_ROW, this.clock.now()));
      throw new Refused('braked', { reason: FOREIGN_ROW });
    }
  }

  private readonly handlers: Handlers = {
    create: async (client, call, now) => {
      const { walletId, environment } = call;
      const entry = await nextEntry(client, call, now);
      if (entry) await this.wallets.create(client, walletId, environment, entry, now);
      return descriptionOf(await this.wallets.getLive(client, walletId));
    },
    describe: async (client, { walletId }) => descriptionOf(await this.wallets.getLive(client, walletId)),
    sign: (client, call, now) => this.sign(client, call, now),
    ask: (...of) => this.consents.ask(...of),
    'ask-for': (...of) => this.consents.askFor(...of),
    asked: (...of) => this.consents.asked(...of),
    show: (...of) => this.consents.show(...of),
    accept: (...of) => this.consents.accept(...of),
    collect: (...of) => this.consents.collect(...of),
    own: (...of) => this.consents.own(...of),
    'freeze-own': (...of) => this.consents.freezeOwn(...of),
    'name-way-out': (...of) => this.consents.nameWayOut(...of),
    'stop-way-out': (...of) => this.consents.stopWayOut(...of),
    'way-out-text': (...of) => this.waysOut.text(...of),
    'ask-way-out': (...of) => this.waysOut.ask(...of),
    'open-way-out': (...of) => this.waysOut.open(...of),
    'ways-out': (client, _call, now) => this.waysOut.list(client, now),
    destroy: (client, call, now) =>
      this.once(client, call, now, async (entry, wallet) => {
        if (!wallet.destroyedAt) await this.allowance.takeCall(client, 'destroy', now);
        const destroyedAt = wallet.destroyedAt ?? now.toISOString();
        await this.wallets.change(client, wallet, entry, { destroyedAt });
      }),
    restore: (client, call, now) =>
      this.once(client, call, now, (entry, wallet) =>
        this.wallets.change(client, wallet, entry, { destroyedAt: null }),
      ),
    /** Only what it puts back is in the journal. */
    'restore-key': async (client, { callId, call, walletId }, now) => {
      const entry = await nextEntry(client, { callId, call, walletId }, now);
      return { isNew: entry !== null && (await this.wallets.restoreKey(client, walletId, entry)) };
    },
    freeze: (client, call, now) =>
      this.once(client, call, now, (entry, wallet) => this.consents.freeze(client, wallet, entry, now)),
    unfreeze: (client, call, now) =>
      this.once(client, call, now, (entry, wallet) =>
        this.wallets.change(client, wallet, entry, { frozenAt: null }),
      ),
    bind: (client, call, now) => {
      const [owner = ''] = this.wallets.seal.ownerDigests(call.userId);
      return this.once(client, { ...call, digest: sha256(owner) }, now, (entry, wallet) =>
        this.consents.bind(client, wallet, entry, call.userId),
      );
    },
    brake: async (client, { callId, call, reason }, now) => {
      await (await nextEntry(client, { callId, call, kind: reason }, now))?.write();
      return null;
    },
    release: async (client, call, now) => {
      await (await nextEntry(client, call, now))?.write();
      return null;
    },
    health: (client) => this.health(client),
    journal: (client, call) => followJournal(client, call),
  };

  private async health(client: PoolClient): Promise<CustodyHealth> {
    const { sequence, hash, withoutAct } = await journalHead(client);
    const { assets, consentBots } = this.allowance.rules;
    return {
      journal: { sequence: Number(sequence), hash: hash.toString('hex') },
      toRewrap: await this.wallets.countToRewrap(client),
      brake: await findBrake(client),
      comparison: this.comparison?.state(Number(withoutAct)) ?? null,
      rules: { assets: assets.length, consentBots: consentBots.length },
    };
  }

  private async sign(client: PoolClient, call: CallOf<'sign'>, now: Date): Promise<Written<Buffer>> {
    const { callId, walletId, consent } = call;
    const act = decodeSigning(call, this.allowance.rules, now);
    const kind = act.signingKind;
    const digest = digestToSign(kind, act.payload, now);
    if (!digest) throw new Refused('act_refused', { reason: 'wallet.act_malformed' });
    const spending = { walletId, act, isConsented: consent !== null };
    // The lock of the head is the first of the pipelined statements: all others see what it protects.
    const reading = together(
      nextEntry(client, { callId, call: call.call, walletId, kind, digest }, now),
      this.wallets.getActing(client, walletId),
      consent === null ? Promise.resolve(null) : this.consents.find(client, consent),
    );
    const counting = this.allowance.countedBefore(client, spending);
    const [[entry, wallet, consented]] = await Promise.all([reading, counting.catch(() => null)]);
    const use = consent === null ? null : this.consents.useOf(client, consented, call, act, now);
    const onWayOut = spendingOnWayOut(wallet.wayOut, spending, now);
    const counted = onWayOut ? this.allowance.countedBefore(client, onWayOut) : counting;
    const take = entry && this.allowance.takeOf(client, await counted, now);
    if (act.address !== addressOn(wallet, act.chain))
      throw new Refused('act_refused', { reason: 'wallet.signer_mismatch' });
    const signature = this.wallets.seal.withKeys(wallet, (keys) => signDigest(kind, keys, digest));
    const writes = [entry?.write, use, take].flatMap((write) => (write ? [write()] : []));
    return new Written(signature, ...writes);
  }

  /** A call that comes again does nothing: `restore` may have followed `destroy`. */
  private async once(
    client: PoolClient,
    entry: NewEntry & { readonly walletId: string },
    now: Date,
    work: (entry: NextEntry, wallet: SealedWallet) => Promise<void>,
  ): Promise<null> {
    const next = await nextEntry(client, entry, now);
    if (next) await work(next, await this.wallets.get(client, entry.walletId));
    return null;
  }
}

function descriptionOf({ evmAddress, tonPublicKey, frozenAt }: SealedWallet): WalletDescription {
  return { evmAddress, tonPublicKey, frozenAt };
}
