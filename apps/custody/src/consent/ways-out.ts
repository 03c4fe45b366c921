import type { KeyRing } from '@countersign/crypto';
import { type AskedWayOut, Refused } from '@countersign/custody-protocol';
import {
  askedWayOut,
  askingTexts,
  assertActing,
  assertLive,
  assertSignedByWayOut,
  openedWayOut,
  readRecipients,
  wayOutAt,
  withoutNext,
} from '@countersign/custody-rules';
import { json, type Handlers } from '../acts';
import { listAsked } from '../store/journal.repository';
import type { SealedWallet, SealedWallets } from '../store/sealed-wallets.repository';

export function wayOutHandlers(
  wallets: SealedWallets,
  ring: KeyRing,
): Pick<Handlers, 'stop-naming' | 'way-out-text' | 'ask-way-out' | 'open-way-out' | 'ways-out'> {
  return {
    'stop-naming': (client, { callId, walletId }, now) => {
      const entry = { callId, call: 'way-out', walletId, kind: 'stopped' };
      return wallets.change(client, entry, now, async (wallet) => {
        assertLive(wallet);
        const wayOut = wayOutAt(wallet.wayOut, now);
        return wayOut?.next ? { wayOut: withoutNext(wayOut) } : null;
      });
    },
    'way-out-text': async (client, { walletId, address }, now) => {
      const { evm } = readRecipients({ evm: address, ton: null });
      const wallet = await wallets.getLive(client, walletId);
      return { text: askingTexts(ring, wallet, evm, now)[0] ?? '' };
    },
    'ask-way-out': async (client, call, now) => {
      const { walletId, signature } = call;
      const { evm } = readRecipients({ evm: call.address, ton: null });
      const assertSigned = (wallet: SealedWallet): Promise<void> =>
        assertSignedByWayOut(askingTexts(ring, wallet, evm, now), evm, signature);
      let readyAt = '';
      // The check runs twice, because a caller without a valid signature must not lock the head of the journal.
      await assertSigned(await wallets.getLive(client, walletId));
      const entry = { call: 'way-out', walletId, kind: 'asked' };
      await wallets.change(client, entry, now, async (wallet) => {
        assertLive(wallet);
        await assertSigned(wallet);
        const current = wayOutAt(wallet.wayOut, now);
        if (current?.to?.evm !== evm) throw new Refused('way_out_refused');
        const wayOut = askedWayOut(current, now);
        readyAt = wayOut.readyAt;
        return current.readyAt === null ? { wayOut } : null;
      });
      return { readyAt };
    },
    'open-way-out': (client, { callId, walletId }, now) => {
      const entry = { callId, call: 'way-out', walletId, kind: 'opened' };
      return wallets.change(client, entry, now, async (wallet) => {
        assertActing(wallet);
        return { wayOut: openedWayOut(wayOutAt(wallet.wayOut, now), now) };
      });
    },
    'ways-out': async (client, _call, now) => {
      const listed: AskedWayOut[] = [];
      for (const walletId of await listAsked(client)) {
        const wallet = await wallets.findLive(client, walletId);
        const wayOut = wallet && wayOutAt(wallet.wayOut, now);
        if (wayOut?.readyAt) listed.push({ walletId, readyAt: wayOut.readyAt, openedAt: wayOut.openedAt });
      }
      return json(listed);
    },
  };
}
