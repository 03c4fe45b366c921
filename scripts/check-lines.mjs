import { execFileSync } from 'node:child_process';
import { lstatSync, readFileSync, writeFileSync } from 'node:fs';
import { filesOfClone, inClone } from './lib/clone.mjs';
import { git } from './lib/git.mjs';
import { main, say, Sentence } from './lib/main.mjs';

/**
 * Counts the lines of each lib, app and folder, and refuses one that is above its limit in scripts/lines.json. A limit rises
 * only by what others fall in the same commit, and by what `rise` of the file gives a reason for. Generated files (.gitattributes) do not count. `--lower` sets each limit to
 * what there is, where that is less.
 */

const METER = 'scripts/lines.json';
/** Specs, and what only they use, are one area: a product does not grow by being tested. */
const IS_TEST = /(^test\/|\/testing\/|[.-]spec\.[cm]?[jt]sx?$)/;
const DEPTHS = { libs: 3, apps: 2, published: 2, tools: 2 };

await main(async () => {
  const meter = JSON.parse(readFileSync(inClone(METER), 'utf8'));
  const counts = {};
  for (const path of countedFiles()) {
    const text = readFileSync(inClone(path), 'utf8');
    if (!text.includes('\0'))
      counts[areaOf(path)] = (counts[areaOf(path)] ?? 0) + text.split('\n').length - 1;
  }
  const { limits } = meter;
  if (process.argv.includes('--lower')) {
    for (const area of Object.keys(limits)) limits[area] = Math.min(limits[area], counts[area] ?? 0);
    writeFileSync(inClone(METER), `${JSON.stringify(meter, null, 2)}\n`);
  }
  const areas = Object.keys(counts).sort();
  say(
    areas.map((area) => `${String(counts[area]).padStart(7)} of ${limits[area] ?? '-'}  ${area}`).join('\n'),
  );
  const inProduct = areas.filter((area) => area.split('/')[0] in DEPTHS).map((area) => counts[area]);
  say(`Product: ${sumOf(inProduct)} lines.`);
  const faults = areas
    .filter((area) => !(counts[area] <= limits[area]))
    .map((area) => `${area} has ${counts[area]} lines, its limit is ${limits[area] ?? 'not set'}.`);
  const changes = git('log', '-2', '--first-parent', '--format=%H', '--', METER).split('\n');
  const before = changes.map((commit) =>
    sumOf(Object.values(JSON.parse(git('show', `${commit}:${METER}`)).limits)),
  );
  const rise = sumOf(Object.values(limits)) - Math.min(...before);
  if (rise > (meter.rise?.lines ?? 0)) faults.push(`The sum of all limits rises by ${rise}.`);
  if (faults.length > 0) throw new Sentence(faults.join('\n'));
});

/** A lib, an app, a published package or a tool; `test`; a folder of the root; or `.` for the files that stand in the root. */
function areaOf(path) {
  if (IS_TEST.test(path)) return 'test';
  const folders = path.split('/');
  if (folders.length === 1) return '.';
  return folders.slice(0, Math.min(DEPTHS[folders[0]] ?? 1, folders.length - 1)).join('/');
}

function countedFiles() {
  const files = filesOfClone().filter((path) => lstatSync(inClone(path)).isFile());
  const attributes = execFileSync('git', ['check-attr', '--stdin', 'linguist-generated'], {
    cwd: inClone(),
    input: files.join('\n'),
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  }).split('\n');
  return files.filter((_, index) => attributes[index].endsWith(': unspecified'));
}

function sumOf(numbers) {
  return numbers.reduce((sum, each) => sum + each, 0);
}
