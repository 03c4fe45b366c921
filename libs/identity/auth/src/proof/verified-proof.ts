import type { Environment, Application, DataNeed } from '@countersign/applications';
import type { LoginMethod } from '@countersign/sessions';
import type { Assurance, ClaimedProfile, IdentityAlias, ProfileField } from '@countersign/users';
import { lengthPrefixed, sha256 } from '@countersign/crypto';
import { SECOND } from '@countersign/runtime';
import type { LoginWidgetUser } from '@countersign/proofs';
import { authError } from '../auth.errors';

/** A verified proof of any door. Features add what their proofs say. */
export interface VerifiedProof {
  readonly provider: string;
  readonly environment: Environment;
  /** The platform's own id of the person, as text. */
  readonly subject: string;
  readonly applicationId: string;
  /** The provider's id of the bot; `null` where none signed. */
  readonly botId: string | null;
  /** The application's bot whose token or secret the proof rests on; `null` for one that it only allows. */
  readonly botRowId: string | null;
  readonly profile: ClaimedProfile;
  /** The same from a less reliable source, or in another form. */
  readonly hints: Omit<ClaimedProfile, 'phoneNumber'>;
  readonly alias: IdentityAlias | null;
  /** `null` for an undated link. */
  readonly madeAt: Date | null;
  /** Until when it counts for an act; five minutes after it was made by default. */
  readonly freshUntil?: Date;
  /** Chosen by the author of the link: it proves nothing. The platform signs that of init data only. */
  readonly startParam: string | null;
  /** The host that a wallet signed for, if any. */
  readonly site?: string | null;
  /** SHA-256 over what was signed: equal for every spelling of one proof. */
  readonly proofId: Buffer;
  /** Known to holders of the proof, not from the database: seals the pair for re-entry with the proof. */
  readonly secret: Buffer;
  readonly assurance: Assurance;
  readonly door: LoginMethod;
  /**
   * A login link may be used for longer than other proofs, so its use is remembered for good. `registered`: it follows its session,
   * unless that was ended to keep its holders out.
   */
  readonly lasts?: 'briefly' | 'registered';
}

/** Whether the signer is a bot that the application merely allows: the operator of that bot receives such proofs. */
export function isOfAllowedBot({ botId, botRowId }: VerifiedProof): boolean {
  return botId !== null && botRowId === null;
}

/** The bot that a proof rests on, as it is stored: `provider/environment/id`. `null` where no bot signed. */
export function botNameOf({ provider, environment, botId }: VerifiedProof): string | null {
  return botId === null ? null : `${provider}/${environment}/${botId}`;
}

/** What the audit trail says of a proof. */
export function trailOf({ provider, environment, assurance, botId }: VerifiedProof): Record<string, string> {
  return { provider, environment, assurance, ...(botId === null ? {} : { botId }) };
}

/** What all proofs of Telegram's kind say of a person. */
export function profileOf(user: Omit<LoginWidgetUser, 'id'>): ClaimedProfile {
  const { firstName, lastName = null, username = null, photoUrl = null } = user;
  return { firstName, lastName, username, photoUrl };
}

export interface SignedContent {
  readonly provider: string;
  readonly environment: string;
  /** The signer: the bot's id, or a substitute where no bot signed. */
  readonly botId: string;
  /** In a fixed order, without `hash` and `signature`: neither covers the other, and base64url has several spellings. */
  readonly fields: readonly (readonly [name: string, value: string])[];
}

/** Identifies a proof in any spelling. To be computed after verification. */
export function proofIdOf({ provider, environment, botId, fields }: SignedContent): Buffer {
  return sha256(lengthPrefixed(['countersign/proof/v1', provider, environment, botId, ...fields.flat()]));
}

/**
 * Whether a proof was made before the instant from which proofs of its person count. Proofs have whole seconds: one from
 * the same second may be newer. One without a date is never outdated: it would be invalid permanently.
 */
export function isOutdated(madeAt: Date | null, authNotBefore: Date | null): boolean {
  if (!madeAt || !authNotBefore) return false;
  return madeAt.getTime() < Math.floor(authNotBefore.getTime() / SECOND) * SECOND;
}

/** @throws AppError auth.proof_outdated */
export function assertNotOutdated(madeAt: Date | null, authNotBefore: Date | null): void {
  if (isOutdated(madeAt, authNotBefore)) throw authError('auth.proof_outdated');
}

const fieldsOfNeed: Record<DataNeed, readonly ProfileField[]> = {
  name: ['firstName', 'lastName'],
  username: ['username'],
  photo: ['photoUrl'],
  language: ['languageCode'],
  phone: ['phoneNumber'],
  premium: ['premium'],
};

/**
 * The profile fields that an application may store and read. Only the operator's own applications get a phone
 * number: people who share it with one of them do not share it with a third party.
 */
export function neededFields({ trust, settings }: Application): ReadonlySet<ProfileField> {
  const needs = settings.dataNeeds.filter((need) => trust === 'first-party' || need !== 'phone');
  return new Set(needs.flatMap((need) => fieldsOfNeed[need]));
}
