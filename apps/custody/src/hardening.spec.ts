import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { mayBeSwapped } from './hardening';

const HEADER = 'Filename Type Size Used Priority\n';
const SWAPS = `${HEADER}/dev/sda2 partition 2097148 0 -2\n`;

/** Files of a Linux machine. */
function machine(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'machine-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

const unit = { 'proc/swaps': SWAPS, 'proc/self/cgroup': '0::/system.slice/custody.service\n' };
const limitOf = (group: string, limit: string) => ({
  [`sys/fs/cgroup${group}/memory.swap.max`]: `${limit}\n`,
});

it.each<readonly [string, boolean, Readonly<Record<string, string>>]>([
  ['a machine without swap', false, { 'proc/swaps': HEADER }],
  ['a system without these files', false, {}],
  ['a machine with swap', true, { 'proc/swaps': SWAPS }],
  ['a unit whose group has swap', true, { ...unit, ...limitOf('/system.slice/custody.service', 'max') }],
  ['a unit with MemorySwapMax=0', false, { ...unit, ...limitOf('/system.slice/custody.service', '0') }],
  ['a group above without swap', false, { ...unit, ...limitOf('/system.slice', '0') }],
  ['a container without swap', false, { ...unit, 'proc/self/cgroup': '0::/\n', ...limitOf('', '0') }],
])('memory on %s may be swapped: %s', (_, expected, files) => {
  const root = machine(files);

  expect(mayBeSwapped(root)).toBe(expected);
  rmSync(root, { recursive: true });
});
