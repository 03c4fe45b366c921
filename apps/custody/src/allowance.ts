import { readFileSync } from 'node:fs';
import type { PoolClient } from 'pg';
import { sha256 } from '@countersign/crypto';
import { Refused } from '@countersign/custody-protocol';
import {
  addedOf,
  assertNonce,
  assertOutstanding,
  assertWithin,
  countedOf,
  leavesRight,
  limitedSumsOf,
  NO_RULES,
  readRules,
  ruledAmountsOf,
  signedOf,
  type Account,
  type CountedPart,
  type LimitedSum,
  type Rules,
  type SignedAct,
  type Spending,
} from '@countersign/custody-rules';
import { together } from '@countersign/database';
import { refuseForeignWriters } from './hardening';
import type { CustodyDatabase } from './store/custody-database.repository';
import { accountOf, noteSigned, outstandingOf } from './store/accounts.repository';
import { lastDigest, nextEntry } from './store/journal.repository';
import { addToSums, countedParts } from './store/sums.repository';

interface Counted {
  readonly of: Readonly<Record<'walletId' | 'person' | 'chain', string>>;
  readonly signed: SignedAct;
  /** Null for an act that is no EVM transaction and moves nothing on an EVM chain. */
  readonly account: Account | null;
  readonly added: ReturnType<typeof addedOf>;
  readonly sums: readonly LimitedSum[];
  readonly parts: readonly CountedPart[];
}

/** Checks acts against the rules and the earlier acts. The transaction of an act holds the head of the journal. */
export class Allowance {
  rules = NO_RULES;

  constructor(private readonly isDevelopment: boolean) {}

  get chains(): readonly string[] {
    return this.rules.chains.map(({ chain }) => chain);
  }

  /** Reads the rules and writes their digest into the journal. @returns the digest in hex; null without a file */
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

  async countedBefore(client: PoolClient, spending: Spending, now: Date): Promise<Counted> {
    const { walletId, person, act, isConsented } = spending;
    const ruled = ruledAmountsOf(this.rules, act, isConsented);
    if (!isConsented && leavesRight(act, this.rules, now)) throw new Refused('consent_needed');
    const of = { walletId, person, chain: act.chain };
    const signed = signedOf(act);
    const isOnEvm = signed.nonce !== null || (ruled.size > 0 && act.chain.startsWith('eip155:'));
    if (isOnEvm && !this.chains.includes(act.chain)) throw new Refused('asset_not_allowed');
    const [outstanding, parts, account] = await together(
      outstandingOf(client, of, signed.nonce, [...ruled.keys()], now),
      countedParts(client, limitedSumsOf(spending, addedOf(ruled, []))),
      isOnEvm ? accountOf(client, of, signed.nonce) : Promise.resolve(null),
    );
    const added = addedOf(ruled, outstanding);
    return { of, signed, account, added, sums: limitedSumsOf(spending, added), parts };
  }

  async assertAct(client: PoolClient, spending: Spending, now: Date): Promise<void> {
    assertRoom(await this.countedBefore(client, spending, now), now);
  }

  /** Refuses an act without room. @returns a function that writes what the act takes */
  takeOf(client: PoolClient, counted: Counted, callId: string, now: Date): () => Promise<unknown> {
    assertRoom(counted, now);
    const { of, signed, account, added, sums } = counted;
    if (account) assertNonce(account, signed.nonce);
    return () =>
      Promise.all([addToSums(client, sums, now), noteSigned(client, { ...of, callId }, signed, added)]);
  }

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

  async takeCall(...[client, call, person, now]: Parameters<Allowance['assertCall']>): Promise<void> {
    await addToSums(client, await this.assertCall(client, call, person, now), now);
  }
}

function assertRoom({ sums, parts, added }: Counted, now: Date): void {
  assertWithin(sums, parts, now);
  assertOutstanding(added);
}

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
