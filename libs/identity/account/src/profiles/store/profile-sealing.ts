import { sealedJson, type DataKey, type Sealed } from '@countersign/crypto';
import { mapOwnFields, type OwnTexts } from '../fields/own-field';
import type { Preferences } from '../profile';

/** Sealed by user. Unset fields are absent. */
const sealedContent = sealedJson<Partial<OwnTexts>>('profiles', 'content');

/** Sealed by user and application. */
export const sealedPreferences = sealedJson<Preferences['values']>('profile_preferences', 'preferences');

/** @param content `null` if nothing was set yet */
export function openTexts(key: DataKey, userId: string, content: Sealed | null): OwnTexts {
  return allOf(sealedContent.open(key, userId, content));
}

export function sealTexts(key: DataKey, userId: string, texts: OwnTexts): Sealed {
  return sealedContent.seal(key, userId, setOf(texts));
}

export function allOf(texts: Partial<OwnTexts> | null): OwnTexts {
  return mapOwnFields((field) => texts?.[field] ?? null);
}

export function setOf(texts: OwnTexts): Partial<OwnTexts> {
  return Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== null));
}
