import type { PoolClient } from 'pg';
import type { Clock } from '@countersign/clock';
import {
  type Answers,
  type Call,
  type CustodyHealth,
  Refused,
  type WalletDescription,
} from '@countersign/custody-protocol';
import { sha256 } from '@countersign/crypto';
import { together } from '@countersign/database';
import type { DecodedAct } from '@countersign/wallet-acts';
import {
  digestToSign,
  evmAddressOf,
  signDigest,
  tonPublicKeyOf,
  tonWalletOf,
  type WalletKeys,
} from '@countersign/wallet-keys';
import type { Comparison } from './comparison';
import type { ConsentCalls } from './consent/consent-calls';
import { decodeSigning } from '@countersign/custody-rules';
import type { Allowance } from './rules/allowance';
import type { CustodyDatabase } from './store/custody-database.repository';
import { applyBrake, findBrake, releaseBrake } from './store/brake.repository';
import { followJournal, journalHead, nextEntry, NO_WALLET } from './store/journal.repository';
import type { SealedWallets } from './store/sealed-wallets.repository';
import type { WaysOut } from './way-out/ways-out';

type ActOf<Name extends Call['call']> = Extract<Call, { call: Name }>;

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
    switch (call.call) {
      case 'create':
        return this.create(call);
      case 'describe':
        return this.database.transaction((client) => this.describe(client, call.walletId));
      case 'sign':
        return this.sign(call);
      case 'ask':
        return this.consents.ask(call);
      case 'ask-for':
        return this.consents.askFor(call);
      case 'asked':
        return this.consents.asked(call);
      case 'show':
        return this.consents.show(call);
      case 'accept':
        return this.consents.accept(call);
      case 'collect':
        return this.consents.collect(call);
      case 'own':
        return this.consents.own(call);
      case 'freeze-own':
        return this.consents.freezeOwn(call);
      case 'name-way-out':
        return this.consents.nameWayOut(call);
      case 'stop-way-out':
        return this.consents.stopWayOut(call);
      case 'way-out-text':
        return this.waysOut.text(call);
      case 'ask-way-out':
        return this.waysOut.ask(call);
      case 'open-way-out':
        return this.waysOut.open(call);
      case 'ways-out':
        return this.waysOut.list();
      case 'destroy':
        return this.actOn(call, async (client, now) => {
          if (await this.wallets.isDestroyed(client, call.walletId)) return;
          await this.allowance.takeCall(client, 'destroy', now);
          await this.wallets.setDestroyed(client, call.walletId, now);
        });
      case 'restore':
        return this.actOn(call, (client) => this.wallets.restore(client, call.walletId));
      case 'restore-key':
        return this.restoreKey(call);
      case 'freeze':
        return this.actOn(call, (client, now) => this.consents.freeze(client, call.walletId, now));
      case 'unfreeze':
        return this.actOn(call, (client) => this.wallets.setFrozen(client, call.walletId, null));
      case 'bind':
        return this.actOn(call, (client) => this.consents.bind(client, call.walletId, call.userId));
      case 'brake':
        return this.actOn({ ...call, walletId: NO_WALLET }, (client, now) =>
          applyBrake(client, call.reason, now),
        );
      case 'release':
        return this.actOn({ ...call, walletId: NO_WALLET }, releaseBrake);
      case 'health':
        return this.database.transaction((client) => this.health(client));
      case 'journal':
        return this.database.transaction((client) => followJournal(client, call, call.until));
    }
  }

  private async health(client: PoolClient): Promise<CustodyHealth> {
    const { journal, withoutAct } = await journalHead(client);
    const { assets, consentBots } = this.allowance.rules;
    return {
      journal,
      toRewrap: await this.wallets.countToRewrap(client),
      brake: await findBrake(client),
      comparison: this.comparison?.state(withoutAct) ?? null,
      rules: { assets: assets.length, consentBots: consentBots.length },
    };
  }

  private async create(call: ActOf<'create'>): Promise<WalletDescription> {
    return this.act(call, async (client, now) => {
      await this.wallets.create(client, call.walletId, call.environment, now);
      return this.describe(client, call.walletId);
    });
  }

  private async sign(call: ActOf<'sign'>): Promise<Buffer> {
    const now = this.clock.now();
    const decoded = decodeSigning(call, this.allowance.rules, now);
    const digest = digestToSign(decoded.signingKind, decoded.payload, now);
    if (!digest) throw new Refused('act_refused', { reason: 'wallet.act_malformed' });
    const { walletId, consent } = call;
    return this.act(
      call,
      async (client, at, isRepeated) => {
        const wallet = await this.wallets.findActing(client, walletId);
        const isConsented = consent !== null;
        if (isConsented) await this.consents.use(client, { ...call, consent }, decoded);
        const counted = isConsented ? null : await this.waysOut.countedOf(client, wallet, decoded);
        const isAbove = isConsented || counted !== null;
        if (!isRepeated) await this.allowance.takeAct(client, walletId, counted ?? decoded, at, isAbove);
        return this.wallets.withKeys(wallet, (keys) => {
          assertOf(keys, decoded);
          return signDigest(decoded.signingKind, keys, digest);
        });
      },
      { kind: decoded.signingKind, digest },
    );
  }

  /** Only what it puts back is in the journal. */
  private async restoreKey({
    callId,
    call,
    walletId,
  }: ActOf<'restore-key'>): Promise<Answers['restore-key']> {
    return this.database.transaction(async (client) => {
      const now = this.clock.now();
      const append = await nextEntry(client, { callId, call, walletId, kind: null, digest: null }, now);
      const isNew = append !== null && (await this.wallets.restoreKey(client, walletId, now));
      if (isNew) await append();
      return { isNew };
    });
  }

  private async actOn(
    call: {
      readonly call: string;
      readonly callId: string;
      readonly walletId: string;
      readonly reason?: string;
      readonly userId?: string;
    },
    work: (client: PoolClient, now: Date) => Promise<void>,
  ): Promise<null> {
    const { reason, userId } = call;
    const ofPerson = userId === undefined ? null : (this.wallets.ownerDigests(userId)[0] ?? null);
    const digest = reason === undefined ? ofPerson : sha256(reason);
    await this.act(
      call,
      // A call that comes again does nothing: `restore` may have followed `destroy`.
      (client, now, isRepeated) => (isRepeated ? Promise.resolve() : work(client, now)),
      { kind: null, digest },
    );
    return null;
  }

  private async act<T>(
    { call, callId, walletId }: { readonly call: string; readonly callId: string; readonly walletId: string },
    work: (client: PoolClient, now: Date, isRepeated: boolean) => Promise<T>,
    signed: { readonly kind: string | null; readonly digest: Buffer | null } = { kind: null, digest: null },
  ): Promise<T> {
    return this.database.transaction(async (client) => {
      const now = this.clock.now();
      const append = await nextEntry(client, { callId, call, walletId, ...signed }, now);
      const [, result] = await together(append?.() ?? Promise.resolve(), work(client, now, append === null));
      return result;
    });
  }

  private async describe(client: PoolClient, walletId: string): Promise<WalletDescription> {
    const wallet = await this.wallets.find(client, walletId);
    return this.wallets.withKeys(wallet, ({ evm, ton }: WalletKeys) => ({
      evmAddress: evmAddressOf(evm),
      tonPublicKey: tonPublicKeyOf(ton).toString('hex'),
      frozenAt: wallet.frozenAt?.toISOString() ?? null,
    }));
  }
}

/** @throws Refused `act_refused` for the address of another wallet */
function assertOf({ evm, ton }: WalletKeys, { chain, address }: DecodedAct): void {
  const own = chain.startsWith('ton:')
    ? tonWalletOf(tonPublicKeyOf(ton), chain === 'ton:-3' ? -3 : -239).address
    : evmAddressOf(evm).toLowerCase();
  if (own !== address) throw new Refused('act_refused', { reason: 'wallet.signer_mismatch' });
}
