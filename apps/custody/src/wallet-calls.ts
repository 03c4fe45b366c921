import type { PoolClient } from 'pg';
import { type CallOf, Refused, type WalletDescription } from '@countersign/custody-protocol';
import { sha256 } from '@countersign/crypto';
import {
  assertSigner,
  decodeSigning,
  ownerOf,
  shownWayOut,
  spendingOnWayOut,
  usedConsent,
  wayOutAt,
} from '@countersign/custody-rules';
import { together } from '@countersign/database';
import { digestToSign, signDigest } from '@countersign/wallet-keys';
import type { Handlers } from './acts';
import type { Comparison } from './comparison';
import type { Allowance } from './allowance';
import { forgetNonces } from './store/accounts.repository';
import type { Consents } from './store/consents.repository';
import { Written } from './store/custody-database.repository';
import { findBrake, followJournal, journalHead, nextEntry, writeEntry } from './store/journal.repository';
import type { SealedWallet, SealedWallets } from './store/sealed-wallets.repository';

export class WalletCalls {
  constructor(
    private readonly wallets: SealedWallets,
    private readonly allowance: Allowance,
    private readonly consents: Consents,
    private readonly comparison: Comparison | null,
  ) {}

  private readonly sign = async (client: PoolClient, call: CallOf<'sign'>, now: Date) => {
    const { callId, walletId } = call;
    const consent = call.consent === null ? null : Buffer.from(call.consent, 'hex');
    const act = decodeSigning(call, this.allowance.rules, now);
    const kind = act.signingKind;
    const digest = digestToSign(kind, act.payload, now);
    if (!digest) throw new Refused('act_refused', { reason: 'wallet.act_malformed' });
    // The lock of the head is the first pipelined statement, so the others see what it protects.
    const [entry, wallet, consented] = await together(
      nextEntry(client, { callId, call: call.call, walletId, kind, digest, consent }, now),
      this.wallets.getActing(client, walletId),
      consent === null ? Promise.resolve(null) : this.consents.find(client, consent),
    );
    const used = consent === null ? null : usedConsent(consented, call, act, this.allowance.rules, now);
    const person = this.wallets.seal.personOf(wallet);
    const spending = { walletId, person, act, isConsented: consent !== null };
    const onWayOut = spendingOnWayOut(wallet.wayOut, spending, now);
    const counted = entry && (await this.allowance.countedBefore(client, onWayOut ?? spending, now));
    const take = counted && this.allowance.takeOf(client, counted, callId, now);
    assertSigner(wallet, act);
    const signature = this.wallets.seal.withKeys(wallet, (keys) => signDigest(kind, keys, digest));
    return new Written(signature, entry?.write(), used && this.consents.put(client, used), take?.());
  };

  readonly handlers = {
    create: async (client, call, now) => {
      await this.wallets.create(client, call, now);
      return descriptionOf(await this.wallets.getLive(client, call.walletId), now);
    },
    describe: async (client, { walletId }, now) =>
      descriptionOf(await this.wallets.getLive(client, walletId), now),
    sign: this.sign,
    destroy: (client, call, now) =>
      this.wallets.change(client, call, now, async (wallet) => {
        const { destroyedAt } = wallet;
        if (destroyedAt) return { destroyedAt };
        await this.allowance.takeCall(client, 'destroy', this.wallets.seal.personOf(wallet), now);
        return { destroyedAt: now.toISOString() };
      }),
    restore: (client, call, now) =>
      this.wallets.change(client, call, now, async () => ({ destroyedAt: null })),
    /** The journal has an entry only if the wallet was restored. */
    'restore-key': async (client, call, now) => {
      const isNew = await this.wallets.restoreKey(client, call, now);
      if (isNew) await forgetNonces(client, this.allowance.chains, [call.walletId]);
      return { isNew };
    },
    /** The entry ends the requests about the wallet. A frozen wallet keeps its instant. */
    freeze: (client, call, now) =>
      this.wallets.change(client, call, now, async ({ frozenAt }) => ({
        frozenAt: frozenAt ?? now.toISOString(),
      })),
    unfreeze: (client, call, now) => this.wallets.change(client, call, now, async () => ({ frozenAt: null })),
    /** The requests of another person, and the way out that they named, end. */
    bind: (client, call, now) => {
      const { userId } = call;
      const entry = { ...call, digest: sha256(this.wallets.seal.ownerDigests(userId)[0] ?? '') };
      return this.wallets.change(client, entry, now, async ({ environment, owner: before, wayOut }) => {
        const owner = ownerOf({ environment, userId });
        return { owner, wayOut: before === owner ? wayOut : null };
      });
    },
    brake: (client, { callId, call, reason: kind }, now) => writeEntry(client, { callId, call, kind }, now),
    release: async (client, { callId, call }, now) => {
      const { sequence } = await journalHead(client, 'FOR UPDATE');
      const [digest = null] = this.wallets.seal.releaseDigests(String(BigInt(sequence) + 1n));
      return writeEntry(client, { callId, call, digest }, now);
    },
    health: async (client) => {
      const { sequence, hash, withoutAct } = await journalHead(client);
      const { assets, consentBots } = this.allowance.rules;
      return {
        journal: { sequence: Number(sequence), hash: hash.toString('hex') },
        toRewrap: await this.wallets.countToRewrap(client),
        brake: await findBrake(client),
        comparison: this.comparison?.state(Number(withoutAct)) ?? null,
        rules: { assets: assets.length, consentBots: consentBots.length },
      };
    },
    journal: followJournal,
  } satisfies Partial<Handlers>;
}

function descriptionOf(wallet: SealedWallet, now: Date): WalletDescription {
  const { evmAddress, tonPublicKey, frozenAt, environment } = wallet;
  const wayOut = wayOutAt(wallet.wayOut, now);
  const shown = wayOut && shownWayOut(wayOut, environment === 'test');
  return { evmAddress, tonPublicKey, frozenAt, wayOut: shown };
}
