import { randomUUID } from 'node:crypto';
import type { PoolClient } from 'pg';
import { fieldBlindIndexes, sha256 } from '@countersign/crypto';
import { type Answers, type AskedWayOut, type CallOf, Refused } from '@countersign/custody-protocol';
import {
  askedWayOut,
  countedOnWayOut,
  namedWayOut,
  openedWayOut,
  readRecipients,
  shownWayOut,
  wayOutAt,
  wayOutText,
  type Recipients,
  type WayOut,
} from '@countersign/custody-rules';
import { evmProofOf, type EvmAddress } from '@countersign/wallet-proofs';
import type { CustodyRing } from '../custody-ring';
import type { Spending } from '../rules/allowance';
import { journalHead, listAsked, namedLast, nextEntry } from '../store/journal.repository';
import type { SealedWallet, SealedWallets } from '../store/sealed-wallets.repository';

/** A text is good in its part of time and the next one, in milliseconds. */
const PART_MS = 300_000;
const CODE_DIGITS = 32;

type Signed = Omit<CallOf<'ask-way-out'>, 'call'>;
type Deed = CallOf<'way-out-text'>['deed'];

/**
 * Ways out without Telegram. The sealed column of a wallet has the state, and the journal the digest of the last one: a row that was
 * changed or put back counts as none.
 */
export class WaysOut {
  constructor(
    private readonly wallets: SealedWallets,
    private readonly ring: CustodyRing,
  ) {}

  /** That of the wallet's person. */
  async find(client: PoolClient, wallet: SealedWallet, now: Date): Promise<WayOut | null> {
    const text = this.wallets.wayOutOf(wallet);
    if (text === null) return null;
    // None is named where the row came back from its copy into another database.
    const named = await namedLast(client, wallet.id);
    const wayOut = JSON.parse(text) as WayOut;
    const isOwn = wallet.owner !== null && this.wallets.ownerDigests(wayOut.owner).includes(wallet.owner);
    const isLast = named === null || named.equals(sha256(text));
    return isOwn && isLast ? wayOutAt(wayOut, now) : null;
  }

  /**
   * An act without consent that moves everything to a way out that is open takes the fee alone, as with consent.
   * @returns null for others
   */
  async spendingOf(
    client: PoolClient,
    wallet: SealedWallet,
    { walletId, act, isConsented }: Spending,
    now: Date,
  ): Promise<Spending | null> {
    const wayOut = isConsented ? null : await this.find(client, wallet, now);
    const counted = wayOut?.openedAt ? countedOnWayOut(act, wayOut.to) : null;
    return counted && { walletId, act: counted, isConsented: true };
  }

  /** For the person. */
  async shown(client: PoolClient, wallet: SealedWallet, now: Date): Promise<object | null> {
    const wayOut = await this.find(client, wallet, now);
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

  /** In the transaction of the consent. */
  async name(client: PoolClient, walletId: string, owner: string, to: Recipients, now: Date): Promise<void> {
    const current = await this.find(client, await this.wallets.getLive(client, walletId), now);
    await this.write(client, walletId, namedWayOut(current, owner, to, now), 'named', now);
  }

  /** Again changes nothing. @throws Refused `way_out_refused` */
  async ask(client: PoolClient, call: CallOf<'ask-way-out'>, now: Date): Promise<Answers['ask-way-out']> {
    const { walletId, address } = call;
    const before = await this.wallets.getLive(client, walletId);
    await this.assertSigned('ask', before, call, now);
    await journalHead(client, 'FOR UPDATE');
    const wallet = await this.wallets.getLive(client, walletId);
    const wayOut = await this.find(client, wallet, now);
    // A text works once: asking and stopping seal the row anew, and its code covers the sealed value.
    const isOf = wayOut !== null && wayOut.to.evm === readRecipients(address, '').evm;
    if (!isOf || wallet.wayOut !== before.wayOut) throw new Refused('way_out_refused');
    const asked = askedWayOut(wayOut, now);
    if (wayOut.readyAt === null) await this.write(client, walletId, asked, 'asked', now);
    return { readyAt: asked.readyAt };
  }

  /** The caller has asserted whose wallet it is. */
  async stop(client: PoolClient, walletId: string, now: Date): Promise<void> {
    await journalHead(client, 'FOR UPDATE');
    const wayOut = await this.find(client, await this.wallets.get(client, walletId), now);
    if (wayOut?.readyAt)
      await this.write(client, walletId, { ...wayOut, readyAt: null, openedAt: null }, 'stopped', now);
  }

  /** @throws Refused `way_out_refused`, `too_early`, and for a wallet that does nothing now */
  async open(
    client: PoolClient,
    { callId, walletId }: CallOf<'open-way-out'>,
    now: Date,
  ): Promise<Answers['open-way-out']> {
    await journalHead(client, 'FOR UPDATE');
    const wallet = await this.wallets.getActing(client, walletId);
    const opened = openedWayOut(await this.find(client, wallet, now), now);
    await this.write(client, walletId, opened, 'opened', now, callId);
    return opened.to;
  }

  async list(client: PoolClient, now: Date): Promise<Buffer> {
    const listed: AskedWayOut[] = [];
    for (const walletId of await listAsked(client)) {
      const wallet = await this.wallets.get(client, walletId);
      const wayOut = wallet.isDestroyed ? null : await this.find(client, wallet, now);
      if (wayOut?.readyAt) listed.push({ walletId, readyAt: wayOut.readyAt, openedAt: wayOut.openedAt });
    }
    return Buffer.from(JSON.stringify(listed));
  }

  /** With the lock of the journal. */
  private async write(
    client: PoolClient,
    walletId: string,
    wayOut: WayOut,
    kind: 'named' | 'asked' | 'stopped' | 'opened',
    now: Date,
    callId: string = randomUUID(),
  ): Promise<void> {
    // The salt keeps the digest from naming the person.
    const text = JSON.stringify({ ...wayOut, salt: randomUUID() });
    const entry = { callId, call: 'way-out', walletId, kind, digest: sha256(text) };
    const append = await nextEntry(client, entry, now);
    await append?.();
    await this.wallets.setWayOut(client, walletId, text);
  }

  /** Those that are good now, the newest first. */
  private textsOf(deed: Deed, { id, wayOut }: SealedWallet, evm: EvmAddress, now: Date): readonly string[] {
    const part = Math.floor(now.getTime() / PART_MS);
    return [part, part - 1].flatMap((one) =>
      fieldBlindIndexes(this.ring.keys, 'custody.way_out', [deed, id, evm, wayOut ?? '', one].join('/')).map(
        ({ digest }) => wayOutText(deed, id, { evm }, digest.toString('hex').slice(0, CODE_DIGITS)),
      ),
    );
  }
}
