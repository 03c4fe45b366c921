import type { Assurance } from '@countersign/users';
import { botNameOf, type VerifiedProof } from './verified-proof';

/**
 * What an act rests on where the platform itself did not sign: the bot whose token did, as `provider/environment/id`,
 * `bot-token` where that bot is gone, or `vendor`. `null` where the platform signed. Stored with acts, so that they are found
 * after a token or a secret leaked.
 */
export function actOrigin(assurance: Assurance, bot: string | null): string | null {
  switch (assurance) {
    case 'platform':
      return null;
    case 'bot-token':
      return bot ?? assurance;
    case 'vendor':
      return assurance;
  }
}

/** The same of a sign-in. */
export function originOfProof(proof: VerifiedProof): string | null {
  return actOrigin(proof.assurance, botNameOf(proof));
}
