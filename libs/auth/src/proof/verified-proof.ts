import type { Environment, Provider } from '@countersign/applications';
import type { DoorName } from '@countersign/sessions';
import type { Assurance, ClaimedProfile, IdentityAlias } from '@countersign/users';

/** The one shape of every proof that was verified, whichever door it came through. */
export interface VerifiedProof {
  readonly provider: Provider;
  readonly environment: Environment;
  /** The platform's own id of the person, as text. */
  readonly subject: string;
  readonly applicationId: string;
  /** The provider's id of the bot; `null` where none signed. */
  readonly botId: string | null;
  /** The application's bot whose token or secret the proof rests on; `null` for one that it only allows. */
  readonly botRowId: string | null;
  /** What the platform says of the person. */
  readonly profile: ClaimedProfile;
  /** The same, said by somebody less reliable or in other words. */
  readonly hints: Omit<ClaimedProfile, 'phoneNumber'>;
  readonly alias: IdentityAlias | null;
  /** `null` for an undated link. */
  readonly madeAt: Date | null;
  /** Signed by the platform, chosen by whoever made the link: never proof of anything. */
  readonly startParam: string | null;
  /** SHA-256 over what was signed: equal for every spelling of one proof. */
  readonly proofId: Buffer;
  /** Known to whoever holds the proof, not to whoever holds the database: seals the pair that the proof re-enters with. */
  readonly secret: Buffer;
  readonly assurance: Assurance;
  /** That it came through; `null` for one that a replica of the version before has verified. */
  readonly door: DoorName | null;
}

/** Whether a bot signed it that the application merely allows: whoever operates that bot receives such proofs. */
export function isOfAllowedBot({ botId, botRowId }: VerifiedProof): boolean {
  return botId !== null && botRowId === null;
}

/** The bot that a proof rests on, as it is written down: `provider/environment/id`. `null` where none signed. */
export function botNameOf({ provider, environment, botId }: VerifiedProof): string | null {
  return botId === null ? null : `${provider}/${environment}/${botId}`;
}
