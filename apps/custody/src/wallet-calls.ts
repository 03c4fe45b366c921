import type { PoolClient } from 'pg';
import { type CustodyHealth, Refused, type WalletDescription } from '@countersign/custody-protocol';
import { sha256 } from '@countersign/crypto';
import {
  decodeSigning,
  ownerOf,
  spendingOnWayOut,
  usedConsent,
  type WalletState,
} from '@countersign/custody-rules';
import { together } from '@countersign/database';
import { addressOn, digestToSign, signDigest } from '@countersign/wallet-keys';
import type { Handlers } from './acts';
import type { Comparison } from './comparison';
import type { Allowance } from './rules/allowance';
import type { Consents } from './store/consents.repository';
import { Written } from './store/custody-database.repository';
import {
  findBrake,
  followJournal,
  journalHead,
  type NewEntry,
  nextEntry,
  writeEntry,
} from './store/journal.repository';
import type { SealedWallet, SealedWallets } from './store/sealed-wallets.repository';

/** Calls of the API and of the operator. */
export class WalletCalls {
  constructor(
    private readonly wallets: SealedWallets,
    private readonly allowance: Allowance,
    private readonly consents: Consents,
    private readonly comparison: Comparison | null,
  ) {}

  readonly handlers = {
    create: async (client, call, now) => {
      const { walletId, environment } = call;
      const entry = await nextEntry(client, call, now);
      if (entry) await this.wallets.create(client, walletId, environment, entry, now);
      return descriptionOf(await this.wallets.getLive(client, walletId));
    },
    describe: async (client, { walletId }) => descriptionOf(await this.wallets.getLive(client, walletId)),
    sign: async (client, call, now) => {
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
      const used = consent === null ? null : usedConsent(consented, call, act, this.allowance.rules, now);
      const onWayOut = spendingOnWayOut(wallet.wayOut, spending, now);
      const counted = onWayOut ? this.allowance.countedBefore(client, onWayOut) : counting;
      const take = entry && this.allowance.takeOf(client, await counted, now);
      if (act.address !== addressOn(wallet, act.chain))
        throw new Refused('act_refused', { reason: 'wallet.signer_mismatch' });
      const signature = this.wallets.seal.withKeys(wallet, (keys) => signDigest(kind, keys, digest));
      const use = used && (() => this.consents.put(client, used));
      return new Written(
        signature,
        ...[entry?.write, use, take].flatMap((write) => (write ? [write()] : [])),
      );
    },
    destroy: (client, call, now) =>
      this.change(client, call, now, async ({ destroyedAt }) => {
        if (!destroyedAt) await this.allowance.takeCall(client, 'destroy', now);
        return { destroyedAt: destroyedAt ?? now.toISOString() };
      }),
    restore: (client, call, now) => this.change(client, call, now, async () => ({ destroyedAt: null })),
    /** Only what it puts back is in the journal. */
    'restore-key': async (client, { callId, call, walletId }, now) => {
      const entry = await nextEntry(client, { callId, call, walletId }, now);
      return { isNew: entry !== null && (await this.wallets.restoreKey(client, walletId, entry)) };
    },
    /** Ends what was asked of its person. A wallet that is frozen keeps its instant. */
    freeze: (client, call, now) =>
      this.change(client, call, now, async ({ id, frozenAt }) => {
        await this.consents.deleteUnused(client, id);
        return { frozenAt: frozenAt ?? now.toISOString() };
      }),
    unfreeze: (client, call, now) => this.change(client, call, now, async () => ({ frozenAt: null })),
    /** What another person was asked for, or named, ends. */
    bind: (client, call, now) => {
      const { userId } = call;
      const entry = { ...call, digest: sha256(this.wallets.seal.ownerDigests(userId)[0] ?? '') };
      return this.change(client, entry, now, async ({ id, environment, owner: before, wayOut }) => {
        await this.consents.deleteUnused(client, id);
        const owner = ownerOf({ environment, userId });
        return { owner, wayOut: before === owner ? wayOut : null };
      });
    },
    brake: (client, { callId, call, reason: kind }, now) => writeEntry(client, { callId, call, kind }, now),
    release: writeEntry,
    health: (client) => this.health(client),
    journal: followJournal,
  } satisfies Partial<Handlers>;

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

  /** A call that comes again does nothing: `restore` may have followed `destroy`. */
  private async change(
    client: PoolClient,
    call: NewEntry & { readonly walletId: string },
    now: Date,
    changesOf: (wallet: SealedWallet) => Promise<Partial<WalletState>>,
  ): Promise<null> {
    const entry = await nextEntry(client, call, now);
    if (!entry) return null;
    const wallet = await this.wallets.get(client, call.walletId);
    await this.wallets.change(client, wallet, entry, await changesOf(wallet));
    return null;
  }
}

function descriptionOf({ evmAddress, tonPublicKey, frozenAt }: SealedWallet): WalletDescription {
  return { evmAddress, tonPublicKey, frozenAt };
}
