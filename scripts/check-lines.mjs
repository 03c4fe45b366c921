import { execFileSync } from 'node:child_process';
import { lstatSync, readFileSync, writeFileSync } from 'node:fs';
import { filesOfClone, inClone } from './lib/clone.mjs';
import { areaOf, densityOf, faultsOf, isProduct, linesIn, sumOf } from './lib/lines.mjs';
import { main, say, Sentence } from './lib/main.mjs';

/**
 * Counts the lines of each lib, app and folder, and refuses one that is above its limit in scripts/lines.json. A limit rises
 * only by what others fall in the same commit: the sum never rises. Generated files (.gitattributes) do not count.
 * `--lower` sets each limit to what there is, where that is less.
 */

const METER = 'scripts/lines.json';
const SOURCE = /(?<!\.d)\.tsx?$/;

await main(async () => {
  const meter = JSON.parse(readFileSync(inClone(METER), 'utf8'));
  const counts = {};
  const product = { lines: 0, statements: 0, exportedNames: 0 };
  for (const path of countedFiles()) {
    const text = readFileSync(inClone(path), 'utf8');
    if (text.includes('\0')) continue;
    const area = areaOf(path);
    counts[area] = (counts[area] ?? 0) + linesIn(text);
    if (!isProduct(area)) continue;
    product.lines += linesIn(text);
    if (!SOURCE.test(path)) continue;
    const { statements, exportedNames } = densityOf(path, text);
    product.statements += statements;
    product.exportedNames += exportedNames;
  }

  if (process.argv.includes('--lower')) lower(meter, counts);
  const rises = risesOf(meter);
  const faults = faultsOf(meter, counts, product);
  say(table(counts, meter.limits));
  say(
    `Product: ${product.lines} lines, ${product.statements} statements, ${product.exportedNames} exported names.`,
  );
  if (faults.length + rises.length > 0) throw new Sentence([...faults, ...rises].join('\n'));
});

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

/** Each change of the file of limits whose sum is above that of its parent; the one that is not committed too. */
function risesOf(meter) {
  const commits = git('log', '--first-parent', '--format=%H %s', '--', METER).split('\n').filter(Boolean);
  const known = commits.map((line) => {
    const [id] = line.split(' ', 1);
    return { name: line, sum: sumAt(id) };
  });
  const all = [{ name: 'the working tree', sum: sumOf(meter) }, ...known];
  return all.flatMap(({ name, sum }, index) => {
    const before = all[index + 1]?.sum;
    return before !== undefined && sum > before
      ? [`The sum of all limits rises by ${sum - before} in ${name}.`]
      : [];
  });
}

function sumAt(commit) {
  return sumOf(JSON.parse(git('show', `${commit}:${METER}`)));
}

function lower(meter, counts) {
  for (const [area, limit] of Object.entries(meter.limits)) {
    if (counts[area] === undefined) delete meter.limits[area];
    else meter.limits[area] = Math.min(limit, counts[area]);
  }
  writeFileSync(inClone(METER), `${JSON.stringify(meter, null, 2)}\n`);
}

function table(counts, limits) {
  const rows = Object.keys(counts).sort();
  return rows
    .map((area) => `${String(counts[area]).padStart(7)} of ${limits[area] ?? '-'}  ${area}`)
    .join('\n');
}

function git(...args) {
  return execFileSync('git', args, { cwd: inClone(), encoding: 'utf8', maxBuffer: 2 ** 26 });
}
