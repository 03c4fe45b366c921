import {
  fieldBlindIndexes,
  sealedText,
  type BlindIndex,
  type DataKey,
  type KeyRing,
  type Sealed,
} from '@countersign/crypto';
import { normalizePlatformUsername } from '@countersign/users';

export const recipientKinds = ['telegram-username', 'telegram-user-id'] as const;
export type RecipientKind = (typeof recipientKinds)[number];

/** Whom an invitation is addressed to, at Telegram. */
export interface Recipient {
  readonly kind: RecipientKind;
  /** A username without `@` in lower case, or an id. */
  readonly value: string;
}

const sealedRecipient = sealedText('team_invitations', 'recipient');

/** Equal for spellings of one username. */
export function usernameRecipient(username: string): Recipient {
  return { kind: 'telegram-username', value: normalizePlatformUsername(username) };
}

export function userIdRecipient(userId: string): Recipient {
  return { kind: 'telegram-user-id', value: userId };
}

/** One digest per index key of the ring, under keys of the field. */
export function recipientDigests(keyRing: KeyRing, { kind, value }: Recipient): readonly BlindIndex[] {
  return fieldBlindIndexes(keyRing, `team_invitations.${kind}`, value);
}

/** @param dataKey the inviter's */
export function sealRecipient(dataKey: DataKey, invitationId: string, { value }: Recipient): Sealed {
  return sealedRecipient.seal(dataKey, invitationId, value);
}

/** @throws SealError */
export function openRecipient(
  dataKey: DataKey,
  invitationId: string,
  kind: RecipientKind,
  sealed: Sealed,
): Recipient {
  return { kind, value: sealedRecipient.open(dataKey, invitationId, sealed) };
}
