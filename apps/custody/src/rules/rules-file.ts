import { readFileSync } from 'node:fs';
import { sha256 } from '@countersign/crypto';
import type { CustodyDatabase } from '../store/custody-database.repository';
import { lastRulesDigest, nextEntry } from '../store/journal.repository';
import type { Allowance } from './allowance';
import { NO_RULES, readRules, type Rules } from '@countersign/custody-rules';

/**
 * Reads the file of the operator's rules. The journal names by its digest which ones were in force.
 * @returns that digest; null without a file
 * @throws Error in a sentence; then the earlier rules stay
 */
export async function followRules(
  path: string | null,
  database: CustodyDatabase,
  allowance: Allowance,
  now: Date,
): Promise<string | null> {
  const { rules, digest } = readRulesFile(path);
  await database.transaction(async (client) => {
    const entry = await nextEntry(client, { call: 'rules', digest }, now);
    const last = await lastRulesDigest(client);
    if (!(last ?? sha256('')).equals(digest)) await entry?.write();
  });
  allowance.rules = rules;
  return path === null ? null : digest.toString('hex');
}

/** @param path null: `NO_RULES` @throws Error in a sentence */
export function readRulesFile(path: string | null): { readonly rules: Rules; readonly digest: Buffer } {
  if (path === null) return { rules: NO_RULES, digest: sha256('') };
  let text;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new Error(`the file of rules cannot be read (${(error as NodeJS.ErrnoException).code})`, {
      cause: error,
    });
  }
  return { rules: readRules(text), digest: sha256(text) };
}
