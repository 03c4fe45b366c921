import { readFileSync } from 'node:fs';
import type { PoolClient } from 'pg';
import { sha256 } from '@countersign/crypto';
import { Refused } from '@countersign/custody-protocol';
import {
  assertWithin,
  countedOf,
  leavesRight,
  limitedSumsOf,
  NO_RULES,
  nonceOf,
  readRules,
  ruledAmountsOf,
  type CountedPart,
  type LimitedSum,
  type Rules,
  type Spending,
} from '@countersign/custody-rules';
import { refuseForeignWriters } from './hardening';
import type { CustodyDatabase } from './store/custody-database.repository';
import { lastDigest, nextEntry } from './store/journal.repository';
import { addToSums, countedParts } from './store/sums.repository';

interface Counted {
  readonly sums: readonly LimitedSum[];
  readonly parts: readonly CountedPart[];
}

/** What the rules allow, with what was signed before it. Each act is read and taken in the transaction that holds the head of the journal. */
export class Allowance {
  rules = NO_RULES;

  constructor(private readonly isDevelopment: boolean) {}

  /**
   * Reads the file of the operator's rules. The journal names by its digest which ones were in force.
   * @returns that digest; null without a file
   * @throws Error in a sentence; then the earlier rules stay
   */
  async follow(path: string | null, database: CustodyDatabase, now: Date): Promise<string | null> {
    const { rules, digest } = readRulesFile(path, this.isDevelopment);
    if (path !== null) refuseForeignWriters(path);
    await database.transaction(async (client) => {
      const entry = await nextEntry(client, { call: 'rules', digest }, now);
      const last = await lastDigest(client, 'rules');
      if (!(last ?? sha256('')).equals(digest)) await entry?.write();
    });
    this.rules = rules;
    return path === null ? null : digest.toString('hex');
  }

  /** @throws Refused `asset_not_allowed`; `consent_needed` for what no amount allows without consent */
  async countedBefore(client: PoolClient, spending: Spending, now: Date): Promise<Counted> {
    const { act, isConsented } = spending;
    const ruled = ruledAmountsOf(this.rules, act, isConsented);
    if (!isConsented && leavesRight(act, this.rules, now)) throw new Refused('consent_needed');
    // On TON nothing replaces a transfer, which is over within a minute.
    const of = { ...spending, nonce: act.signingKind === 'evm-transaction' ? nonceOf(act) : null };
    const parts = await countedParts(client, limitedSumsOf(of, ruled, [], now));
    return { sums: limitedSumsOf(of, ruled, parts, now), parts };
  }

  /** Whether there is room for an act now. Counts nothing. @throws Refused */
  async assertAct(client: PoolClient, spending: Spending, now: Date): Promise<void> {
    const { sums, parts } = await this.countedBefore(client, spending, now);
    assertWithin(sums, parts, now);
  }

  /** Counts what an act takes. @returns what writes it @throws Refused `above_day`, `above_hour` */
  takeOf(client: PoolClient, { sums, parts }: Counted, now: Date): () => Promise<unknown> {
    assertWithin(sums, parts, now);
    return () => addToSums(client, sums, now);
  }

  /** As `takeCall`, and counts nothing. @throws Refused `above_hour` */
  async assertCall(
    client: PoolClient,
    call: 'export' | 'destroy',
    person: string,
    now: Date,
  ): Promise<readonly LimitedSum[]> {
    const sums = countedOf(call, person, this.rules);
    assertWithin(sums, await countedParts(client, sums), now);
    return sums;
  }

  /** @throws Refused `above_hour` */
  async takeCall(...[client, call, person, now]: Parameters<Allowance['assertCall']>): Promise<void> {
    await addToSums(client, await this.assertCall(client, call, person, now), now);
  }
}

/** @param path null: `NO_RULES` @throws Error in a sentence */
export function readRulesFile(
  path: string | null,
  isDevelopment: boolean,
): { readonly rules: Rules; readonly digest: Buffer } {
  if (path === null) return { rules: NO_RULES, digest: sha256('') };
  let text;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new Error(`the file of rules cannot be read (${(error as NodeJS.ErrnoException).code})`, {
      cause: error,
    });
  }
  return { rules: readRules(text, isDevelopment), digest: sha256(text) };
}
