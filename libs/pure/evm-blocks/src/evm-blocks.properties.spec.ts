import * as fc from 'fast-check';
import { tries } from '@countersign/text/testing';
import { recording } from '../testing/recorded';
import { rulesOfChain } from './chain-rules';
import { readBlock } from './reading/read-block';
import { transfersOf } from './transfers/transfers-of';

const rules = rulesOfChain('eip155:31337');
const recorded = ['native', 'tokens', 'berlin'] as const;
const texts = recorded.flatMap((name) =>
  recording(name).blocks.map(({ block, receipts }) => JSON.stringify([block, receipts])),
);

/** A parsed answer, as deep as it is. */
type Json = null | boolean | number | string | Json[] | { [field: string]: Json };

/** Changes one value, somewhere: `path` chooses at each level, and ends where it meets a leaf. */
function change(root: Json, path: readonly number[], value: Json): void {
  let at = root;
  for (const [depth, choice] of path.entries()) {
    if (typeof at !== 'object' || at === null) return;
    const names = Object.keys(at);
    const name = names[choice % names.length];
    if (name === undefined) return;
    const inside = at as Record<string, Json>;
    const next = inside[name] ?? null;
    if (depth === path.length - 1 || typeof next !== 'object' || next === null) {
      inside[name] = value;
      return;
    }
    at = next;
  }
}

const aValue = fc.oneof(
  fc.constantFrom<Json[]>(null, '', '0x', '0x0', '0x1', '0xffffffffffffffffffff', [], {}, true, -1, 1e300),
  fc.stringMatching(/^0x[0-9a-f]{40}$/),
  fc.stringMatching(/^0x[0-9a-fA-F]{64}$/),
  fc.jsonValue() as fc.Arbitrary<Json>,
);
const aChange = fc.record({ path: fc.array(fc.nat(), { minLength: 1, maxLength: 6 }), value: aValue });

describe('a block of a node that answers anything', () => {
  it('is read or refused, and nothing throws', () => {
    let accepted = 0;
    fc.assert(
      fc.property(fc.constantFrom(...texts), fc.array(aChange, { maxLength: 3 }), (text, changes) => {
        const root = JSON.parse(text) as Json[];
        for (const { path, value } of changes) change(root, path, value);
        const read = readBlock(root[0], root[1], {}, rules);
        if (!read.ok) return;
        accepted++;
        const { transfers } = transfersOf(read.value, () => true);
        for (const { amount, key } of transfers) {
          expect(amount).toBeGreaterThanOrEqual(0n);
          expect(key.length).toBeLessThanOrEqual(40);
        }
      }),
      tries(1000),
    );
    expect(accepted).toBeGreaterThan(0);
  });

  it('is refused with any other answer', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (block, receipts) => {
        expect(readBlock(block, receipts, {}, rules).ok).toBe(false);
      }),
      tries(500),
    );
  });

  it('is refused without any of its logs whose address and topics no other log has', () => {
    fc.assert(
      fc.property(fc.constantFrom(...texts), fc.nat(), (text, choice) => {
        const [block, receipts] = JSON.parse(text) as [unknown, { logs: Log[] }[]];
        const all = receipts.flatMap(({ logs }) => logs);
        fc.pre(all.length > 0);
        const lost = all[choice % all.length];
        for (const receipt of receipts) receipt.logs = receipt.logs.filter((log) => log !== lost);
        // A node that hides a log well counts the others anew.
        const others = all.filter((log) => log !== lost);
        for (const [at, log] of others.entries()) log.logIndex = `0x${at.toString(16)}`;

        const said = new Set(others.flatMap(saidBy));
        const isHidden = lost !== undefined && saidBy(lost).every((value) => said.has(value));
        const read = readBlock(block, receipts, {}, rules);
        expect(read).toMatchObject(isHidden ? { ok: true } : { ok: false, code: 'block.logs_missing' });
      }),
      tries(300),
    );
  });
});

interface Log {
  readonly address: string;
  readonly topics: readonly string[];
  logIndex: string;
}

function saidBy({ address, topics }: Log): string[] {
  return [address, ...topics];
}
