import type { Asked } from '@countersign/custody-client';

/** A consent that custody asks the person for. */
export interface NeededConsent {
  /** 64 hex digits. */
  readonly consentId: string;
  /** Opens the consent bot, where the person accepts. */
  readonly link: string;
  /** ISO 8601. */
  readonly expiresAt: string;
}

export function neededConsent(asked: Asked): NeededConsent | null {
  if (asked.isFree) return null;
  const { consent: consentId, link, expiresAt } = asked;
  return { consentId, link, expiresAt };
}
