import type { Environment, Provider } from '@countersign/applications';
import type { Assurance } from '@countersign/sessions';
import type { Profile } from '@countersign/users';

/** The one shape of every proof that was verified, whichever door it came through. */
export interface VerifiedProof {
  readonly provider: Provider;
  readonly environment: Environment;
  /** The platform's own id of the person, as text. */
  readonly subject: string;
  readonly applicationId: string;
  readonly botId: string;
  readonly profile: Profile;
  readonly madeAt: Date;
  /** Signed by the platform, chosen by whoever made the link: never proof of anything. */
  readonly startParam: string | null;
  /** SHA-256 over what was signed: equal for every spelling of one proof. */
  readonly proofId: Buffer;
  /** Known to whoever holds the proof, not to whoever holds the database: seals the pair that the proof re-enters with. */
  readonly secret: Buffer;
  readonly assurance: Assurance;
}
