import type { PoolClient } from 'pg';
import { fieldBlindIndexes } from '@countersign/crypto';
import { type Answers, type AskedWayOut, type CallOf, Refused } from '@countersign/custody-protocol';
import {
  askedWayOut,
  countedOnWayOut,
  openedWayOut,
  readRecipients,
  shownWayOut,
  wayOutAt,
  wayOutText,
  type WayOut,
} from '@countersign/custody-rules';
import { evmProofOf, type EvmAddress } from '@countersign/wallet-proofs';
import type { CustodyRing } from '../custody-ring';
import type { Spending } from '../rules/allowance';
import { listAsked, nextEntry, type NextEntry } from '../store/journal.repository';
import type { SealedWallet, SealedWallets } from '../store/sealed-wallets.repository';

/** A text is good in its part of time and the next one, in milliseconds. */
const PART_MS = 300_000;
const CODE_DIGITS = 32;

type Signed = Omit<CallOf<'ask-way-out'>, 'call'>;
type Deed = CallOf<'way-out-text'>['deed'];

/** Ways out without Telegram, which the state of a wallet has. */
export class WaysOut {
  constructor(
    private readonly wallets: SealedWallets,
    private readonly ring: CustodyRing,
  ) {}

  /** For the person. */
  shown(wallet: SealedWallet, now: Date): object | null {
    const wayOut = wayOutOf(wallet, now);
    return wayOut && shownWayOut(wayOut, wallet.environment === 'test');
  }

  async text(
    client: PoolClient,
    { walletId, address, deed }: CallOf<'way-out-text'>,
    now: Date,
  ): Promise<Answers['way-out-text']> {
    const { evm } = readRecipients(address, '');
    const wallet = await this.wallets.getLive(client, walletId);
    return { text: this.textsOf(deed, wallet, evm, now)[0] ?? '' };
  }

  /** @throws Refused `way_out_refused`, `malformed` */
  async assertSigned(
    deed: Deed,
    wallet: SealedWallet,
    { address, signature }: Signed,
    now: Date,
  ): Promise<void> {
    const { evm } = readRecipients(address, '');
    for (const message of this.textsOf(deed, wallet, evm, now)) {
      const proof = await evmProofOf({ message, signature, address: evm });
      if (proof.ok && proof.value.by === 'key') return;
    }
    throw new Refused('way_out_refused');
  }

  /** Again changes nothing. @throws Refused `way_out_refused` */
  async ask(client: PoolClient, call: CallOf<'ask-way-out'>, now: Date): Promise<Answers['ask-way-out']> {
    const { walletId, address } = call;
    const entry = await nextEntry(client, { call: 'way-out', walletId, kind: 'asked' }, now);
    const wallet = await this.wallets.getLive(client, walletId);
    // A text works once: its code covers the sealed state.
    await this.assertSigned('ask', wallet, call, now);
    const wayOut = wayOutOf(wallet, now);
    if (wayOut?.to.evm !== readRecipients(address, '').evm) throw new Refused('way_out_refused');
    const asked = askedWayOut(wayOut, now);
    if (entry && wayOut.readyAt === null) await this.wallets.change(client, wallet, entry, { wayOut: asked });
    return { readyAt: asked.readyAt };
  }

  async stop(client: PoolClient, wallet: SealedWallet, entry: NextEntry | null, now: Date): Promise<void> {
    const wayOut = wayOutOf(wallet, now);
    if (entry && wayOut?.readyAt)
      await this.wallets.change(client, wallet, entry, {
        wayOut: { ...wayOut, readyAt: null, openedAt: null },
      });
  }

  /** @throws Refused `way_out_refused`, `too_early`, and for a wallet that does nothing now */
  async open(
    client: PoolClient,
    { callId, walletId }: CallOf<'open-way-out'>,
    now: Date,
  ): Promise<Answers['open-way-out']> {
    const entry = await nextEntry(client, { callId, call: 'way-out', walletId, kind: 'opened' }, now);
    const wallet = await this.wallets.getActing(client, walletId);
    const wayOut = openedWayOut(wayOutOf(wallet, now), now);
    if (entry) await this.wallets.change(client, wallet, entry, { wayOut });
    return wayOut.to;
  }

  async list(client: PoolClient, now: Date): Promise<Buffer> {
    const listed: AskedWayOut[] = [];
    for (const walletId of await listAsked(client)) {
      if (await this.wallets.isDestroyed(client, walletId)) continue;
      const wayOut = wayOutOf(await this.wallets.get(client, walletId), now);
      if (wayOut?.readyAt) listed.push({ walletId, readyAt: wayOut.readyAt, openedAt: wayOut.openedAt });
    }
    return Buffer.from(JSON.stringify(listed));
  }

  /** Those that are good now, the newest first. */
  private textsOf(deed: Deed, { id, state }: SealedWallet, evm: EvmAddress, now: Date): readonly string[] {
    const part = Math.floor(now.getTime() / PART_MS);
    return [part, part - 1].flatMap((one) =>
      fieldBlindIndexes(this.ring.keys, 'custody.way_out', [deed, id, evm, state, one].join('/')).map(
        ({ digest }) => wayOutText(deed, id, { evm }, digest.toString('hex').slice(0, CODE_DIGITS)),
      ),
    );
  }
}

/** As it is now. */
export function wayOutOf({ wayOut }: SealedWallet, now: Date): WayOut | null {
  return wayOut && wayOutAt(wayOut, now);
}

/**
 * An act without consent that moves everything to a way out that is open takes the fee alone, as with consent.
 * @returns null for others
 */
export function spendingOnWayOut(
  wallet: SealedWallet,
  { walletId, act, isConsented }: Spending,
  now: Date,
): Spending | null {
  const wayOut = isConsented ? null : wayOutOf(wallet, now);
  const counted = wayOut?.openedAt ? countedOnWayOut(act, wayOut.to) : null;
  return counted && { walletId, act: counted, isConsented: true };
}
