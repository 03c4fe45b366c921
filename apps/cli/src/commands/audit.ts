import { readFile } from 'node:fs/promises';
import type { INestApplicationContext } from '@nestjs/common';
import type { AuditBlock, AuditVerdict } from '@countersign/audit';
import type { JournalSeal } from '@countersign/embedded-wallets';
import { wholeNumber } from '../call';
import { command, type Answer, type GroupDeclaration } from '../declaration';
import { UsageError, exitCodes } from '../errors';
import { fields } from '../output';

export const audit: GroupDeclaration = {
  name: 'audit',
  description: 'the audit trail',
  commands: {
    verify: command(
      'compare the records with the signed blocks: intact, late, missing or differs, and the journal of custody with acts and sends; exit code 3 for the last two, and for a signature without an act',
      {
        '--lines <file>':
          'blocks as they were logged, one on a line: whether the end is as good as the last of them',
        '--after <number>': 'trust this block, and compare those behind it',
      },
    ).act(async (call, app, { AuditVerifier, blocksIn }) => {
      const verifier = app.get(AuditVerifier);
      const file = call.optional('lines');
      const lines = file === undefined ? [] : genuineIn(blocksIn(await readFile(file, 'utf8')), verifier);
      const after = call.has('after') ? wholeNumber(call, 'after', 1, Number.MAX_SAFE_INTEGER) : 0;
      return answerOf(await verifier.verify({ lines, after }), await comparisonIn(app));
    }),
  },
};

/** Null without embedded wallets. A code if custody does not answer or its journal differs. */
type Comparison = Awaited<ReturnType<JournalSeal['compare']>> | { readonly code: string };

async function comparisonIn(app: INestApplicationContext): Promise<Comparison> {
  const { JournalSeal: seal } = await import('../lazy/features.js');
  let journal;
  try {
    journal = app.get(seal);
  } catch {
    return null;
  }
  return journal.compare().catch((error: unknown) => {
    const { code } = error as { readonly code?: unknown };
    if (typeof code === 'string' && code.includes('.')) return { code };
    throw error;
  });
}

/** Lines that the service did not sign prove nothing about the trail. */
function genuineIn(
  blocks: readonly AuditBlock[],
  verifier: { isGenuine(block: AuditBlock): boolean | null },
): readonly AuditBlock[] {
  const genuine = blocks.filter((block) => verifier.isGenuine(block) !== false);
  if (genuine.length === 0)
    throw new UsageError('--lines must name a file with signed blocks, one on a line.');
  return genuine;
}

const TAIL = {
  'as-logged': 'the trail has the blocks of all lines that were given',
  'not-compared': 'not compared: give the last logged line with --lines',
  wrong: 'NOT AS GOOD AS THE LINES THAT WERE GIVEN',
} as const;

function answerOf(verdict: AuditVerdict, signatures: Comparison): Answer {
  const { verdict: word, block, detail, blocks, records, late, expired, unknownKeys, last, tail } = verdict;
  const isGood = word === 'intact' || word === 'late';
  const text = fields([
    ['verdict', word],
    ...(isGood ? [] : [['first problem', `${block === null ? '' : `block ${block}: `}${detail}`] as const]),
    ['blocks', String(blocks)],
    ['records', String(records)],
    ['late', String(late)],
    ['expired blocks', String(expired)],
    ['blocks of unknown keys', String(unknownKeys)],
    ['last block', last ? `${last.number} ${last.hash}` : 'none'],
    ['tail', TAIL[tail]],
    ...signaturesIn(signatures),
  ]);
  const isExplained = !signatures || ('compared' in signatures && signatures.withoutAct.length === 0);
  return {
    json: { ...verdict, signatures },
    text,
    exitCode: isGood && isExplained ? exitCodes.ok : exitCodes.refused,
  };
}

function signaturesIn(found: Comparison): readonly (readonly [name: string, value: string])[] {
  if (!found) return [];
  if ('code' in found) return [['signatures', found.code]];
  const { compared, withoutAct } = found;
  return [
    ['signatures', `${compared}, ${withoutAct.length} without an act`],
    ...withoutAct.map(({ callId, walletId }) => ['WITHOUT AN ACT', `${callId} of ${walletId}`] as const),
  ];
}
