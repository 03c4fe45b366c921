/** How hard a proof is to forge, weakest first. */
export const assurances = ['vendor', 'bot-token', 'platform'] as const;
export type Assurance = (typeof assurances)[number];

/** Whether a word of the database is one that this version knows. */
export function isAssurance(word: string): word is Assurance {
  return (assurances as readonly string[]).includes(word);
}

/**
 * Whether a proof is at least as hard to forge as wanted; never for an assurance that this version does not
 * know.
 */
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
