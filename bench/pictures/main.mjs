import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Sentence } from '../../scripts/lib/main.mjs';
import { PICTURES, withSections } from './document.mjs';
import { chaosSections } from './sections/chaos.mjs';
import { growthSections } from './sections/growth.mjs';
import { operationSections } from './sections/operations.mjs';
import { runSections } from './sections/run.mjs';

const USAGE = `Usage: npm run bench:pictures -- [options] <folder with performance.md>

  --bench <file>   what npm run bench -- --json wrote
  --growth <file>  what npm run bench:growth -- --json wrote
  --chaos <file>   what npm run test:chaos -- --json wrote

What is left out stays as it stands. The same files make the same document and pictures.`;

const SOURCES = {
  bench: (figures) => [...runSections(figures), ...operationSections(figures)],
  growth: growthSections,
  chaos: chaosSections,
};

/**
 * Makes the tables and pictures of the document about performance from what the benches wrote.
 *
 * @param {string[]} words of the command line
 * @throws {Sentence}
 */
export function drawPictures(words) {
  const { files, folder } = readWords(words);
  const sections = files.flatMap(([source, file]) => sectionsOf(source, file));
  const path = join(folder, 'performance.md');
  const document = withSections(read(path), sections);
  mkdirSync(join(folder, PICTURES), { recursive: true });
  for (const { name, svg } of sections) {
    if (svg !== undefined) writeFileSync(join(folder, PICTURES, `${name}.svg`), svg);
  }
  writeFileSync(path, document);
}

function readWords(words) {
  const text = { type: 'string' };
  let parsed;
  try {
    const options = { bench: text, growth: text, chaos: text };
    parsed = parseArgs({ args: words, options, allowPositionals: true });
  } catch (error) {
    throw new Sentence(`${error.message}\n\n${USAGE}`);
  }
  const { values, positionals } = parsed;
  const files = Object.keys(SOURCES).flatMap((source) => (values[source] ? [[source, values[source]]] : []));
  if (files.length === 0 || positionals.length !== 1) throw new Sentence(USAGE);
  return { files, folder: positionals[0] };
}

function sectionsOf(source, file) {
  let figures;
  try {
    figures = JSON.parse(read(file));
  } catch (error) {
    if (error instanceof SyntaxError) throw new Sentence(`${file} is not JSON: ${error.message}`);
    throw error;
  }
  return SOURCES[source](figures);
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Sentence(`${file} cannot be read (${error.code}).`);
  }
}
