import type { TrailOrigin } from '../trail/trail-origin';

/** What can be wrong with the trail, and what that means. */
export const auditProblems = {
  trail_cut:
    'The trail began later than its signing key says: its blocks were removed, and it was begun anew',
  block_missing: 'A block is missing: the numbers have a gap',
  chain_broken: 'The block does not follow the one before it: one of them was changed, exchanged or forged',
  block_unreadable: 'The block is not one',
  unreadable: 'A block, record or row cannot be read: its content is none that this service writes',
  signature_wrong: 'The signature is not that of the block: it was changed or forged',
  key_unknown: 'No block before it, and no given key, has the key that it is signed with',
  key_not_introduced: 'Its key was introduced by no trusted block, and no trusted block follows',
  key_foreign: 'The signing key in the database is not one that the key ring has sealed',
  time_backwards: 'It claims to be older than the block before it',
  leaves_missing: 'The list of its records is missing',
  leaves_changed: 'The list of its records was changed',
  record_missing: 'A record was removed, or moved to another time',
  record_changed: 'A record was changed',
  record_inserted: 'A record has no message authentication code: it was inserted from outside',
  mac_wrong: 'A record does not have the message authentication code of this service',
  record_unsealed: 'A record is in no block, although its time is over',
  record_repeated: 'A record is there twice',
  principal_forged:
    'A principal, or a secret or token of it, does not have the code of this service: it was inserted or changed from outside',
  principal_unknown: 'The trail has no record that created this principal',
  principal_removed: 'The trail says that this principal was removed: its row was put back from outside',
  day_removed: 'All records of a day were removed before their time',
  anchor_missing:
    'A block that was announced is not there: the end of the trail was cut, or a backup was restored',
  anchor_differs:
    'A block that was announced is another one: the trail was rewritten, or a backup was restored',
  ledger_differs:
    'The newest block that the ledger of erasures knows is not there: the end of the trail was cut, it was begun anew, or a backup was restored',
  journal_differs:
    'The journal of the custody process is not the one that the trail has the hash of: entries were changed or removed, or a backup was restored',
  file_cut: 'The file has no end, or not as many records and blocks as its end says: it was cut',
  line_unreadable: 'A line is none of an export, or not in its place',
} as const;

type AuditProblemCode = keyof typeof auditProblems;

/** The position of a problem, as far as there is one. */
interface AuditProblem {
  readonly code: AuditProblemCode;
  readonly block: number | null;
  readonly day: string | null;
  readonly recordId: string | null;
  readonly principalId: string | null;
}

/** What a record elsewhere says; for the ledger of erasures: `none` without a ledger, `new` where it knows no block yet. */
export type LedgerAnswer = 'none' | 'new' | 'matches' | 'differs' | 'away';

/** What a journal says that has no table in this database, beside its head in the trail. */
export interface JournalComparison {
  /** `none` without a journal, `new` where the trail has no head of it yet, `away` where it does not answer. */
  readonly answer: LedgerAnswer;
  /** Where it differs: the first entry that is missing or changed, or the sealed one by which entries were replaced. */
  readonly entry: number | null;
}

/** The outcome of a verification. */
export interface AuditVerdict {
  readonly isSound: boolean;
  readonly blocks: number;
  /** The last block, by its hash; null without blocks. */
  readonly head: { readonly number: number; readonly hash: string } | null;
  readonly records: number;
  /** In no block yet: they are younger than the time in which they are sealed. */
  readonly waiting: number;
  readonly ledger: LedgerAnswer;
  /** What the journal of the custody process says beside the hashes that the trail has of it. */
  readonly journal: JournalComparison;
  /** Null for an export. */
  readonly origin: TrailOrigin | null;
  /** Of a version that wrote no codes; sealed nevertheless. */
  readonly withoutMac: number;
  /** Their key is no longer in the key ring: their blocks alone vouch for them. */
  readonly withoutMacKey: number;
  /** Blocks whose records are over the retention time. */
  readonly expiredBlocks: number;
  /** Records of blocks that reach over the ends of an export. */
  readonly outside: number;
  /** The first ones of each code, in the order of days and blocks. */
  readonly problems: readonly AuditProblem[];
  readonly problemCount: number;
}

/** Of one code: many of it hide no other. */
const MAX_OF_CODE = 20;

/** Collects what a verification finds. */
export class Findings {
  blocks = 0;
  records = 0;
  waiting = 0;
  withoutMac = 0;
  withoutMacKey = 0;
  expiredBlocks = 0;
  outside = 0;
  head: AuditVerdict['head'] = null;
  origin: TrailOrigin | null = null;
  ledger: LedgerAnswer = 'none';
  journal: JournalComparison = { answer: 'none', entry: null };
  private readonly problems: AuditProblem[] = [];
  private problemCount = 0;

  add(
    code: AuditProblemCode,
    { block = null, day = null, recordId = null, principalId = null }: Partial<AuditProblem> = {},
  ): void {
    this.problemCount += 1;
    const ofCode = this.problems.filter((problem) => problem.code === code).length;
    if (ofCode < MAX_OF_CODE) this.problems.push({ code, block, day, recordId, principalId });
  }

  get verdict(): AuditVerdict {
    const { blocks, head, records, waiting, withoutMac, withoutMacKey, expiredBlocks, outside } = this;
    const { origin, ledger, journal, problems, problemCount } = this;
    return {
      isSound: problemCount === 0,
      blocks,
      head,
      ledger,
      journal,
      origin,
      records,
      waiting,
      withoutMac,
      withoutMacKey,
      expiredBlocks,
      outside,
      problems,
      problemCount,
    };
  }
}
