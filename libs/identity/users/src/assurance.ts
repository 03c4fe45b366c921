import { isWeaklyLinked } from '@countersign/applications';

/** How hard a proof is to forge, weakest first. */
export const assurances = ['vendor', 'bot-token', 'platform'] as const;
export type Assurance = (typeof assurances)[number];

/** Tells whether this version knows the word, which may come from the database. */
export function isAssurance(word: string): word is Assurance {
  return (assurances as readonly string[]).includes(word);
}

/** Returns false if this version does not know one of the two assurances. */
export function isAtLeast(assurance: Assurance, wanted: Assurance): boolean {
  return isAssurance(wanted) && assurances.indexOf(assurance) >= assurances.indexOf(wanted);
}

/** An unknown assurance counts as the weakest. @param all at least one */
export function weakestOf(...all: readonly Assurance[]): Assurance {
  return assurances[Math.min(...all.map(rankOf))] ?? 'vendor';
}

/** @param all at least one */
export function strongestOf(...all: readonly Assurance[]): Assurance {
  return assurances[Math.max(...all.map(rankOf))] ?? 'vendor';
}

function rankOf(assurance: Assurance): number {
  return Math.max(assurances.indexOf(assurance), 0);
}

/** The level of the account plane. A vendor's assertion never reaches it. */
export type AccountLevel = 'bot-token' | 'platform';

export interface Provable {
  readonly provider: string;
  readonly cap: Assurance;
}

/** OpenWeb3 signs only with the bot's token. */
function strongestProofOf(provider: string): Assurance {
  return provider === 'openweb3' ? 'bot-token' : 'platform';
}

/** The weakest proof that links an identity. The cap of the identity records the assurance of the link. */
export function weakestLinkOf(provider: string): Assurance {
  return isWeaklyLinked(provider) ? 'bot-token' : strongestProofOf(provider);
}

export function hasLevel({ provider, cap }: Provable, level: AccountLevel): boolean {
  return isAtLeast(weakestOf(cap, strongestProofOf(provider)), level);
}

export function highestAssuranceOf(identities: readonly Provable[]): Assurance {
  return strongestOf(
    'vendor',
    ...identities.map(({ provider, cap }) => weakestOf(cap, strongestProofOf(provider))),
  );
}
