import { botNameOf, isOfAllowedBot, type VerifiedProof } from '@countersign/auth';
import { weakestLinkOf, type Assurance, type OwnIdentity } from '@countersign/users';
import type { Asking } from './account-acts.service';
import type { PresentedForAct } from './account-rules';

/** The environment of the founding identity; null when it was removed. */
export function foundingEnvironmentOf(identities: readonly OwnIdentity[]): string | null {
  return identities.find(({ isFounding }) => isFounding)?.environment ?? null;
}

/** @param cap of the identity that the proof names; null when no account has it */
export function presented(proof: VerifiedProof, cap: Assurance | null): PresentedForAct {
  const { provider, environment, assurance } = proof;
  const weakestLink = weakestLinkOf(provider);
  return { environment, assurance, weakestLink, isOfAllowedBot: isOfAllowedBot(proof), cap };
}

/** What the audit trail says of a proof that was presented for an act. */
export function trailOf(proof: VerifiedProof): Record<string, string> {
  const { provider, environment, assurance, botId } = proof;
  return { provider, environment, assurance, ...(botId === null ? {} : { botId }) };
}

/** All bots involved in attaching an identity, without duplicates. */
export function botsOf({ bots }: Pick<Asking, 'bots'>, proof: VerifiedProof): readonly string[] {
  return [...new Set([...bots, botNameOf(proof)].filter((name) => name !== null))];
}
