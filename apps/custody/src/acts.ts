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
import { decodeSigning } from '@countersign/custody-rules';
import { together } from '@countersign/database';
import { addressOn, digestToSign, evmAddressOf, signDigest, tonPublicKeyOf } from '@countersign/wallet-keys';
import type { Comparison } from './comparison';
import type { ConsentCalls } from './consent/consent-calls';
import type { Allowance } from './rules/allowance';
import { applyBrake, findBrake, releaseBrake } from './store/brake.repository';
import type { CustodyDatabase } from './store/custody-database.repository';
import { followJournal, journalHead, type NewEntry, nextEntry } from './store/journal.repository';
import type { SealedWallet, SealedWallets } from './store/sealed-wallets.repository';
import type { WaysOut } from './way-out/ways-out';

type Handlers = {
  readonly [Name in Call['call']]: (
    client: PoolClient,
    call: CallOf<Name>,
    now: Date,
  ) => Promise<Answers[Name]>;
};

/** What is asked for may be lost with the machine: it is asked for again. */
const BEGIN_ASKING = 'BEGIN; SET LOCAL synchronous_commit = off';

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
    return this.database.transaction(
      (client) => handle(client, call as CallOf<'sign'>, this.clock.now()),
      call.call === 'ask' ? BEGIN_ASKING : undefined,
    );
  }

  private readonly handlers: Handlers = {
    create: (client, call, now) =>
      this.act(client, call, now, async () => {
        await this.wallets.create(client, call.walletId, call.environment, now);
        return this.description(await this.wallets.getLive(client, call.walletId));
      }),
    describe: async (client, { walletId }) => this.description(await this.wallets.getLive(client, walletId)),
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
      this.once(client, call, now, async () => {
        if ((await this.wallets.get(client, call.walletId)).isDestroyed) return;
        await this.allowance.takeCall(client, 'destroy', now);
        await this.wallets.setDestroyed(client, call.walletId, now);
      }),
    restore: (client, call, now) =>
      this.once(client, call, now, async () => {
        if (!(await this.wallets.get(client, call.walletId)).keys) throw new Refused('wallet_destroyed');
        await this.wallets.setDestroyed(client, call.walletId, null);
      }),
    'restore-key': (client, call, now) => this.restoreKey(client, call, now),
    freeze: (client, call, now) =>
      this.once(client, call, now, () => this.consents.freeze(client, call.walletId, now)),
    unfreeze: (client, call, now) =>
      this.once(client, call, now, () => this.wallets.setFrozen(client, call.walletId, null)),
    bind: (client, call, now) => {
      const [owner = ''] = this.wallets.ownerDigests(call.userId);
      return this.once(client, { ...call, digest: sha256(owner) }, now, () =>
        this.consents.bind(client, call.walletId, call.userId, now),
      );
    },
    brake: (client, call, now) =>
      this.once(client, { ...call, digest: sha256(call.reason) }, now, () =>
        applyBrake(client, call.reason, now),
      ),
    release: (client, call, now) => this.once(client, call, now, () => releaseBrake(client)),
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

  private async sign(client: PoolClient, call: CallOf<'sign'>, now: Date): Promise<Buffer> {
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
      consent === null ? Promise.resolve(null) : this.consents.get(client, consent),
    );
    const counting = this.allowance.countedBefore(client, spending);
    const [[append, wallet, consented]] = await Promise.all([reading, counting.catch(() => null)]);
    const use = consented && this.consents.useOf(consented, call, act, now);
    const onWayOut = await this.waysOut.spendingOf(client, wallet, spending, now);
    const counted = onWayOut ? this.allowance.countedBefore(client, onWayOut) : counting;
    const take = append && this.allowance.takeOf(await counted, now);
    const signature = this.wallets.withKeys(wallet, (keys) => {
      if (act.address !== addressOn(keys, act.chain))
        throw new Refused('act_refused', { reason: 'wallet.signer_mismatch' });
      return signDigest(kind, keys, digest);
    });
    await together(...[append, use, take].flatMap((write) => (write ? [write(client)] : [])));
    return signature;
  }

  /** Only what it puts back is in the journal. */
  private async restoreKey(
    client: PoolClient,
    { callId, call, walletId }: CallOf<'restore-key'>,
    now: Date,
  ): Promise<Answers['restore-key']> {
    const append = await nextEntry(client, { callId, call, walletId }, now);
    const isNew = append !== null && (await this.wallets.restoreKey(client, walletId, now));
    if (isNew) await append();
    return { isNew };
  }

  /** A call that comes again does nothing: `restore` may have followed `destroy`. */
  private async once(
    client: PoolClient,
    entry: NewEntry,
    now: Date,
    work: () => Promise<void>,
  ): Promise<null> {
    await this.act(client, entry, now, (isRepeated) => (isRepeated ? Promise.resolve() : work()));
    return null;
  }

  private async act<T>(
    client: PoolClient,
    entry: NewEntry,
    now: Date,
    work: (isRepeated: boolean) => Promise<T>,
  ): Promise<T> {
    const append = await nextEntry(client, entry, now);
    const [, result] = await together(append?.() ?? Promise.resolve(), work(append === null));
    return result;
  }

  private description(wallet: SealedWallet): WalletDescription {
    return this.wallets.withKeys(wallet, (keys) => ({
      evmAddress: evmAddressOf(keys.evm),
      tonPublicKey: tonPublicKeyOf(keys.ton).toString('hex'),
      frozenAt: wallet.frozenAt?.toISOString() ?? null,
    }));
  }
}
