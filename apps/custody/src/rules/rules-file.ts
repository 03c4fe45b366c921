import { readFileSync } from 'node:fs';
import type { Clock } from '@countersign/clock';
import { sha256 } from '@countersign/crypto';
import type { CustodyDatabase } from '../store/custody-database.repository';
import { lastRulesDigest, nextEntry } from '../store/journal.repository';
import type { Allowance } from './allowance';
import { NO_RULES, readRules, type Rules } from '@countersign/custody-rules';

/** The file of the operator's rules. The journal names by its digest which ones were in force. */
export class RulesFile {
  digest: string | null = null;

  /** @param path null: `NO_RULES` */
  constructor(
    private readonly path: string | null,
    private readonly database: CustodyDatabase,
    private readonly allowance: Allowance,
    private readonly clock: Clock,
  ) {}

  /** Reads the file. @throws Error in a sentence; then the earlier rules stay */
  async follow(): Promise<void> {
    const { rules, digest } = readRulesFile(this.path);
    await this.database.transaction(async (client) => {
      const entry = await nextEntry(client, { call: 'rules', digest }, this.clock.now());
      const last = await lastRulesDigest(client);
      if (!(last ?? sha256('')).equals(digest)) await entry?.write();
    });
    this.allowance.rules = rules;
    this.digest = this.path === null ? null : digest.toString('hex');
  }
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
