import type {
  auditProblems,
  AuditVerdict,
  ExportVerdict,
  LastVerification,
  TrailOrigin,
} from '@countersign/audit';
import type { Answer } from './declaration';
import { exitCodes } from './exit-codes';
import { fields, table } from './output';

function countWithMeaning(count: number, meaning: string): string {
  return count === 0 ? '0' : `${count} (${meaning})`;
}

function codesOf({ beganAt, codesSince }: TrailOrigin): string {
  const since = codesSince ? `in blocks from ${codesSince.toISOString()} on` : 'from the first record on';
  return `${since}; the trail began at ${beganAt.toISOString()}`;
}

/** What the ledger of erasures says of the newest block that it knows. */
const LEDGER = {
  none: 'there is none (ERASURE_LEDGER)',
  new: 'knows no block yet: audit-witness writes it each hour',
  matches: 'the newest block that it knows is there',
  differs: 'THE NEWEST BLOCK THAT IT KNOWS IS NOT THERE',
  away: 'NOT COMPARED: it does not answer',
} as const;

function journalOf({ answer, entry }: AuditVerdict['journal']): string {
  switch (answer) {
    case 'none':
      return 'there is none (CUSTODY_SOCKET)';
    case 'new':
      return 'the trail has no hash of it yet: custody-journal-seal writes it each minute';
    case 'matches':
      return 'all its entries are there, and have the hash that the trail has';
    case 'differs':
      return `ENTRY ${entry ?? ''}, OR ONE BEFORE IT, IS NOT THE ONE THAT WAS SEALED`;
    case 'away':
      return 'NOT COMPARED: the custody process does not answer';
  }
}

/** In one sentence how the last verification ended. */
export function lastVerification(last: LastVerification | null): string {
  return last
    ? `${last.isSound ? 'sound' : 'NOT SOUND'} at ${last.at.toISOString()}, by ${last.actor}`
    : 'none in the last 8 days';
}

/** The verdict in lines, with the meanings of its problems. */
export function answerOfVerdict(
  verdict: AuditVerdict | ExportVerdict,
  meanings: typeof auditProblems,
  last: LastVerification | null = null,
): Answer {
  const { isSound, head, problems, problemCount } = verdict;
  const covers = 'covers' in verdict ? verdict.covers : null;
  const lines: (readonly [string, string])[] = [
    ['verdict', isSound ? 'sound' : 'NOT SOUND'],
    ...(covers ? [['covers', `${covers.from ?? 'the beginning'} to ${covers.before}`] as const] : []),
    ...(covers ? [['retention', `${covers.retentionDays} days`] as const] : []),
    ...(covers
      ? []
      : [
          ['verified before', lastVerification(last)] as const,
          ['ledger', LEDGER[verdict.ledger]] as const,
          ['journal of custody', journalOf(verdict.journal)] as const,
        ]),
    ...(verdict.origin ? [['codes demanded', codesOf(verdict.origin)] as const] : []),
    ['blocks', String(verdict.blocks)],
    ['last block', head ? `${head.number} ${head.hash}` : 'none'],
    ['records in blocks', String(verdict.records)],
    [
      'in no block yet',
      countWithMeaning(verdict.waiting, 'younger than an hour; only their codes vouch for them'),
    ],
    [
      'without a code',
      countWithMeaning(verdict.withoutMac, 'of a version without codes; only their blocks vouch for them'),
    ],
    [
      'code not checked',
      countWithMeaning(
        verdict.withoutMacKey,
        'the key ring lacks their key; only their blocks vouch for them',
      ),
    ],
    [
      'expired blocks',
      countWithMeaning(verdict.expiredBlocks, 'their records are over AUDIT_RETENTION_DAYS'),
    ],
    ['outside the export', countWithMeaning(verdict.outside, 'records of its blocks that it does not cover')],
    ['problems', String(problemCount)],
  ];
  const shown = problems.map(({ code, block, day, recordId, principalId }) => [
    code,
    block === null ? '' : `block ${block}`,
    day ?? '',
    recordId ?? principalId ?? '',
    meanings[code],
  ]);
  const text = [fields(lines), ...(shown.length > 0 ? [table(['problem', '', '', '', ''], shown)] : [])];
  return { json: verdict, text: text.join('\n\n'), exitCode: isSound ? exitCodes.ok : exitCodes.refused };
}
