import type { Environment, Application, DataNeed } from '@countersign/applications';
import type { LoginMethod } from '@countersign/sessions';
import type { Assurance, ClaimedProfile, IdentityAlias, ProfileField } from '@countersign/users';
import { lengthPrefixed, sha256 } from '@countersign/crypto';
import { SECOND } from '@countersign/runtime';
import type { LoginWidgetUser } from '@countersign/proofs';
import { authError } from '../auth.errors';

/** A verified proof of any door. Features add fields. */
export interface VerifiedProof {
  readonly provider: string;
  readonly environment: Environment;
  /** The platform's own id of the person, as text. */
  readonly subject: string;
  readonly applicationId: string;
  /** The provider's id of the bot; `null` if no bot signed. */
  readonly botId: string | null;
  /** The application's bot behind the proof; `null` for a bot that it only allows. */
  readonly botRowId: string | null;
  readonly profile: ClaimedProfile;
  /** Profile fields from a less reliable source, or in another form. */
  readonly hints: Omit<ClaimedProfile, 'phoneNumber'>;
  readonly alias: IdentityAlias | null;
  /** `null` for an undated link. */
  readonly madeAt: Date | null;
  /** Until this time the proof counts for an act; by default five minutes after it was made. */
  readonly freshUntil?: Date;
  /** The author of the link chose it, so it proves nothing. The platform signs it only in init data. */
  readonly startParam: string | null;
  /** The host that a wallet signed for, if any. */
  readonly site?: string | null;
  /** SHA-256 of the signed content: equal for every spelling of one proof. */
  readonly proofId: Buffer;
  /** Only holders of the proof know it, and the database does not. It seals the pair for re-entry. */
  readonly secret: Buffer;
  readonly assurance: Assurance;
  readonly door: LoginMethod;
  /** The use of such a link is remembered for good. A `registered` link may follow its session: see `reentryOf`. */
  readonly lasts?: 'briefly' | 'registered';
}

/** Whether the application merely allows the bot that signed. The operator of such a bot receives these proofs. */
export function isOfAllowedBot({ botId, botRowId }: VerifiedProof): boolean {
  return botId !== null && botRowId === null;
}

/** The stored name of the bot: `provider/environment/id`; `null` if no bot signed. */
export function botNameOf({ provider, environment, botId }: VerifiedProof): string | null {
  return botId === null ? null : `${provider}/${environment}/${botId}`;
}

export function trailOf({ provider, environment, assurance, botId }: VerifiedProof): Record<string, string> {
  return { provider, environment, assurance, ...(botId === null ? {} : { botId }) };
}

export function profileOf(user: Omit<LoginWidgetUser, 'id'>): ClaimedProfile {
  const { firstName, lastName = null, username = null, photoUrl = null } = user;
  return { firstName, lastName, username, photoUrl };
}

export interface SignedContent {
  readonly provider: string;
  readonly environment: string;
  /** The bot's id, or a substitute if no bot signed. */
  readonly botId: string;
  /** In a fixed order, without `hash` and `signature`: neither covers the other; base64url has several spellings. */
  readonly fields: readonly (readonly [name: string, value: string])[];
}

/** Identifies a proof in any spelling. */
export function proofIdOf({ provider, environment, botId, fields }: SignedContent): Buffer {
  return sha256(lengthPrefixed(['countersign/proof/v1', provider, environment, botId, ...fields.flat()]));
}

/**
 * Whether a proof is older than `authNotBefore`. Proofs have whole seconds, so a proof from the same second may be
 * newer. A proof without a date is never outdated, because it would be invalid permanently.
 */
export function isOutdated(madeAt: Date | null, authNotBefore: Date | null): boolean {
  if (!madeAt || !authNotBefore) return false;
  return madeAt.getTime() < Math.floor(authNotBefore.getTime() / SECOND) * SECOND;
}

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
 * The profile fields that an application may store and read. Only the operator's own applications get a phone number,
 * because people who share it with them do not share it with a third party.
 */
export function neededFields({ trust, settings }: Application): ReadonlySet<ProfileField> {
  const needs = settings.dataNeeds.filter((need) => trust === 'first-party' || need !== 'phone');
  return new Set(needs.flatMap((need) => fieldsOfNeed[need]));
}
