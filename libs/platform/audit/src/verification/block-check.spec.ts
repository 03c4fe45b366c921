import type { AuditBlock } from '../seals/audit-block';
import { Findings } from './audit-problem';
import { checkBlock, type Cut } from './block-check';
import { packLeaves, rootOf } from '../seals/block-leaves';
import { formerOrigin, mayLackMac } from '../trail/trail-origin';
import { leafOf, type AuthenticatedRecord } from '../records/record-encoding';

const NOW = new Date('2026-11-02T09:30:00.000Z');
const NUMBERS = [0, 1, 2, 3, 4];

function aRecord(number: number): AuthenticatedRecord {
  return {
    instant: `2026-11-02T09:30:0${number}.000000Z`,
    id: `0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a0${number}`,
    action: 'session.ended',
    actor: 'system',
    subject: null,
    applicationId: null,
    requestId: null,
    details: {},
    macKeyId: null,
    mac: null,
  };
}

/** A block of five records, and an export that has some of them. */
function check(present: readonly number[], cut: Cut): Findings {
  const records = NUMBERS.map(aRecord);
  const entries = records.map((record) => ({ id: record.id, leaf: leafOf(record) }));
  const block: AuditBlock = {
    number: 1,
    day: '2026-11-02',
    count: records.length,
    first: null,
    last: null,
    root: rootOf(entries),
    previous: Buffer.alloc(32),
    sealedAt: NOW,
    keyId: 'k',
    newKey: null,
    signature: Buffer.alloc(64),
  };
  const found = new Map(present.map((number) => [records[number]?.id, records[number]]));
  const findings = new Findings();
  const context = { origin: null, macs: null, cut };
  checkBlock(block, packLeaves(entries), (id) => found.get(id), context, findings);
  return findings;
}

const start: Cut = { atStart: true, atEnd: false };
const end: Cut = { atStart: false, atEnd: true };
const both: Cut = { atStart: true, atEnd: true };
const none: Cut = { atStart: false, atEnd: false };

describe('a block of which an export has a part', () => {
  it.each<[string, readonly number[], Cut]>([
    ['before the first record', [3, 4], start],
    ['after the last record', [0], end],
    ['on both sides', [2, 3], both],
    ['altogether', [], both],
  ])('may lack what is %s', (_title, present, cut) => {
    const { verdict } = check(present, cut);

    expect(verdict.problems).toEqual([]);
    expect(verdict).toMatchObject({ records: present.length, outside: 5 - present.length });
  });

  it.each<[string, readonly number[], Cut, readonly number[]]>([
    ['between two others', [1, 3, 4], start, [2]],
    ['between two others, cut on both sides', [1, 3], both, [2]],
    ['at the end that is not cut', [2, 3], start, [4]],
    ['at the beginning that is not cut', [1, 2], end, [0]],
    ['at the end, with all others', [], start, [4]],
    ['at the beginning, with all others', [], end, [0]],
    ['of a block that is not cut', [0, 1, 2, 3], none, [4]],
  ])('names one that is missing %s', (_title, present, cut, missing) => {
    const { verdict } = check(present, cut);

    expect(verdict.problems.map(({ code, recordId }) => [code, recordId])).toEqual(
      missing.map((number) => ['record_missing', aRecord(number).id]),
    );
  });
});

describe('a record without a code', () => {
  it('may be in blocks of the first day where the version before sealed it, and else in none', () => {
    const origin = formerOrigin(new Date('2026-11-01T09:30:00.000Z'));

    expect(mayLackMac({ ...origin, codesSince: null }, origin.beganAt)).toBe(false);
    expect(mayLackMac(origin, new Date(NOW.getTime() - 1))).toBe(true);
    expect(mayLackMac(origin, NOW)).toBe(false);
  });
});
