import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import {
  auditProblems,
  AuditSeals,
  AuditVerifier,
  readAnchors,
  readPublicKeys,
  toLine,
  toPem,
  verifyExport,
  type Anchors,
  type AuditVerdict,
  type ExportVerdict,
  type LastVerification,
  type PublicAuditKey,
  type TrailOrigin,
} from '@countersign/audit';
import type { Answer, Call, Connected } from '../command';
import { exitCodes } from '../exit-codes';
import { limitOf } from '../limit-option';
import { fields, table } from '../list-output';
import { UsageError } from '../usage';

export const verify: Connected = async (call, app) => {
  const publicKeys = await publicKeysOf(call);
  const anchors = await anchorsOf(call);
  const verifier = app.get(AuditVerifier);
  const last = await verifier.last();
  const verdict = await verifier.verify({ anchors, ...(publicKeys && { publicKeys }) });
  return answerOf(verdict, last);
};

/** Without the database and the key ring. */
export async function verifyFile(call: Call): Promise<Answer> {
  const publicKeys = await publicKeysOf(call);
  if (!publicKeys) throw new UsageError('--public-key is missing.');
  const anchors = await anchorsOf(call);
  const input = createReadStream(call.required('from-file'), 'utf8');
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  // An error of the file is not one of the lines: without this they would just end.
  const failed = new Promise<never>((_resolve, reject) => input.once('error', reject));
  return answerOf(await Promise.race([verifyExport(lines, publicKeys, anchors), failed]));
}

export const blocks: Connected = async (call, app) => {
  const json = (await app.get(AuditSeals).list(null, limitOf(call))).map(toLine);
  const rows = json.map(({ number, day, count, sealedAt, keyId, hash }) => [
    String(number),
    day ?? 'new key',
    String(count),
    sealedAt,
    keyId,
    hash,
  ]);
  return { json, text: table(['block', 'day', 'records', 'sealed at', 'key', 'hash'], rows) };
};

export const publicKey: Connected = async (_call, app) => {
  const key = await app.get(AuditSeals).publicKey();
  const pem = toPem(key.publicKey);
  return { json: { keyId: key.keyId, algorithm: 'Ed25519', publicKey: pem }, text: pem.trim() };
};

export const rotateKey: Connected = async (call, app) => {
  const block = toLine(await app.get(AuditSeals).rotateKey(call.has('lost')));
  const text = `Key ${block.newKey?.keyId ?? ''} signs from now on; block ${block.number} introduces it`;
  return { json: block, text };
};

function countWithMeaning(count: number, meaning: string): string {
  return count === 0 ? '0' : `${count} (${meaning})`;
}

function codesOf({ beganAt, codesSince }: TrailOrigin): string {
  const since = codesSince ? `in blocks from ${codesSince.toISOString()} on` : 'from the first record on';
  return `${since}; the trail began at ${beganAt.toISOString()}`;
}

async function publicKeysOf(call: Call): Promise<readonly PublicAuditKey[] | null> {
  const file = call.optional('public-key');
  if (file === undefined) return null;
  const text = await readFile(file, 'utf8');
  try {
    return readPublicKeys(text);
  } catch {
    throw new UsageError('--public-key must name a file with one or more public keys of Ed25519 in PEM.');
  }
}

async function anchorsOf(call: Call): Promise<Anchors> {
  const file = call.optional('anchors');
  if (file === undefined) return new Map();
  const anchors = readAnchors(await readFile(file, 'utf8'));
  if (anchors.size === 0) throw new UsageError('--anchors must name a file with blocks, one on a line.');
  return anchors;
}

/** What the ledger of erasures says of the newest block that it knows. */
const LEDGER = {
  none: 'there is none (ERASURE_LEDGER)',
  new: 'knows no block yet: audit-witness writes it each hour',
  matches: 'the newest block that it knows is there',
  differs: 'THE NEWEST BLOCK THAT IT KNOWS IS NOT THERE',
  away: 'NOT COMPARED: it does not answer',
} as const;

/** In one sentence how the last verification ended. */
export function lastVerification(last: LastVerification | null): string {
  return last
    ? `${last.isSound ? 'sound' : 'NOT SOUND'} at ${last.at.toISOString()}, by ${last.actor}`
    : 'none in the last 8 days';
}

function answerOf(verdict: AuditVerdict | ExportVerdict, last: LastVerification | null = null): Answer {
  const { isSound, head, problems, problemCount } = verdict;
  const covers = 'covers' in verdict ? verdict.covers : null;
  const lines: (readonly [string, string])[] = [
    ['verdict', isSound ? 'sound' : 'NOT SOUND'],
    ...(covers ? [['covers', `${covers.from ?? 'the beginning'} to ${covers.before}`] as const] : []),
    ...(covers ? [['kept for', `${covers.retentionDays} days`] as const] : []),
    ...(covers
      ? []
      : [['verified before', lastVerification(last)] as const, ['ledger', LEDGER[verdict.ledger]] as const]),
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
    auditProblems[code],
  ]);
  const text = [fields(lines), ...(shown.length > 0 ? [table(['problem', '', '', '', ''], shown)] : [])];
  return { json: verdict, text: text.join('\n\n'), exitCode: isSound ? exitCodes.ok : exitCodes.refused };
}
