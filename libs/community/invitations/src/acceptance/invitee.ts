import type { KeyRing } from '@countersign/crypto';
import type { InvitationFacts } from './invitation-facts.repository';
import { recipientDigests, type Recipient } from '../recipient';

/** Whom a person has proven to be at Telegram, as far as their session reaches. */
export interface Invitee {
  /** Ids, and the username of a recent proof. */
  readonly recipients: readonly Recipient[];
  /** Whether the username may be out of date, and is left out. */
  readonly isUsernameDoubtful: boolean;
}

/** Whether an invitation is addressed to a person: `open` where it has no recipient. */
export type Address = 'open' | 'match' | 'doubtful' | 'other';

export function addressOf(
  keyRing: KeyRing,
  { recipientKind, recipientDigests: digests }: Pick<InvitationFacts, 'recipientKind' | 'recipientDigests'>,
  { recipients, isUsernameDoubtful }: Invitee,
): Address {
  if (recipientKind === null) return 'open';
  const known = new Set(digests);
  const isMatch = recipients
    .filter(({ kind }) => kind === recipientKind)
    .flatMap((recipient) => recipientDigests(keyRing, recipient))
    .some(({ keyId, digest }) => known.has(`${keyId}:${digest.toString('hex')}`));
  if (isMatch) return 'match';
  return recipientKind === 'telegram-username' && isUsernameDoubtful ? 'doubtful' : 'other';
}
