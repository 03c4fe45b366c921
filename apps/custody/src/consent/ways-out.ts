import type { KeyRing } from '@countersign/crypto';
import { type AskedWayOut, type CallOf, Refused } from '@countersign/custody-protocol';
import {
  askedWayOut,
  assertActing,
  assertLive,
  openedWayOut,
  readRecipients,
  signerOfWayOut,
  wayOutAt,
  wayOutTexts,
} from '@countersign/custody-rules';
import type { Handlers } from '../acts';
import { listAsked } from '../store/journal.repository';
import type { SealedWallet, SealedWallets } from '../store/sealed-wallets.repository';

type Signed = Pick<CallOf<'ask-way-out'>, 'address' | 'signature'>;

/** Ways out without Telegram, which the state of a wallet has. */
export class WaysOut {
  constructor(
    private readonly wallets: SealedWallets,
    private readonly ring: KeyRing,
  ) {}

  readonly handlers = {
    'way-out-text': async (client, { walletId, address, deed }, now) => {
      const { evm } = readRecipients(address, '');
      const wallet = await this.wallets.getLive(client, walletId);
      return { text: wayOutTexts(this.ring, deed, wallet, evm, now)[0] ?? '' };
    },
    /** Idempotent. */
    'ask-way-out': async (client, call, now) => {
      const { walletId } = call;
      let readyAt = '';
      // Twice: who proves nothing does not get the head of the journal.
      await this.signer('ask', await this.wallets.getLive(client, walletId), call, now);
      const entry = { call: 'way-out', walletId, kind: 'asked' };
      await this.wallets.change(client, entry, now, async (wallet) => {
        assertLive(wallet);
        const signer = await this.signer('ask', wallet, call, now);
        const current = wayOutAt(wallet.wayOut, now);
        if (current?.to.evm !== signer) throw new Refused('way_out_refused');
        const wayOut = askedWayOut(current, now);
        readyAt = wayOut.readyAt;
        return current.readyAt === null ? { wayOut } : null;
      });
      return { readyAt };
    },
    /** Refuses a wallet that does nothing now. */
    'open-way-out': (client, { callId, walletId }, now) =>
      this.wallets.change(
        client,
        { callId, call: 'way-out', walletId, kind: 'opened' },
        now,
        async (wallet) => {
          assertActing(wallet);
          return { wayOut: openedWayOut(wayOutAt(wallet.wayOut, now), now) };
        },
      ),
    'ways-out': async (client, _call, now) => {
      const listed: AskedWayOut[] = [];
      for (const walletId of await listAsked(client)) {
        const wallet = await this.wallets.findLive(client, walletId);
        const wayOut = wallet && wayOutAt(wallet.wayOut, now);
        if (wayOut?.readyAt) listed.push({ walletId, readyAt: wayOut.readyAt, openedAt: wayOut.openedAt });
      }
      return Buffer.from(JSON.stringify(listed));
    },
  } satisfies Partial<Handlers>;

  /** @returns who signed @throws Refused `way_out_refused`, `malformed` */
  signer(
    deed: 'name' | 'ask',
    wallet: SealedWallet,
    signed: Signed,
    now: Date,
  ): ReturnType<typeof signerOfWayOut> {
    return signerOfWayOut((evm) => wayOutTexts(this.ring, deed, wallet, evm, now), signed);
  }
}
