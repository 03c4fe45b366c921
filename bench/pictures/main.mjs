import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Sentence } from '../../scripts/lib/main.mjs';
import { tableOf } from '../report/table.mjs';
import { chaosSections, growthSections, peerSections } from '../report/sections.mjs';

const USAGE = `Usage: npm run bench -- pictures -- [options] <folder with performance.md>

  --bench <file>   what npm run bench -- --json wrote
  --growth <file>  what npm run bench -- growth --json wrote
  --chaos <file>   what node scripts/test-chaos.mjs --json wrote

What is left out stays as it stands; a figure without a section in the document is left out. The same files make the same document and pictures.`;

const SOURCES = { bench: peerSections, growth: growthSections, chaos: chaosSections };
const PICTURES = 'performance';

/**
 * Makes the tables and pictures of the document about performance from the figures of the benches. `words`: of the
 * command line.
 */
export function bench(words) {
  const { files, folder } = readWords(words);
  const sections = files.flatMap(([source, file]) => SOURCES[source](parse(file)));
  const path = join(folder, 'performance.md');
  const page = read(path);
  const shown = sections.filter(({ name }) => page.includes(`<!-- figures:${name} -->`));
  if (shown.length === 0) throw new Sentence('The document has no section for any of these figures.');
  const document = shown.reduce(withSection, page);
  if (shown.some(({ svg }) => svg)) mkdirSync(join(folder, PICTURES), { recursive: true });
  for (const { name, svg } of shown) if (svg) writeFileSync(join(folder, PICTURES, `${name}.svg`), svg);
  writeFileSync(path, document);
}

function readWords(words) {
  const text = { type: 'string' };
  let parsed;
  try {
    parsed = parseArgs({
      args: words,
      options: { bench: text, growth: text, chaos: text },
      allowPositionals: true,
    });
  } catch (error) {
    throw new Sentence(`${error.message}\n\n${USAGE}`);
  }
  const { values, positionals } = parsed;
  const files = Object.entries(values);
  if (files.length === 0 || positionals.length !== 1) throw new Sentence(USAGE);
  return { files, folder: positionals[0] };
}

/** The document with one section made anew: it stands between two comments that name it. */
function withSection(document, { name, rows, columns, before, after, svg, alt }) {
  const [start, end] = [`<!-- figures:${name} -->`, `<!-- /figures:${name} -->`];
  const from = document.indexOf(start);
  const to = document.indexOf(end, from);
  if (to === -1) throw new Sentence(`The section "${name}" of the document has no end: ${end}`);
  const shown = svg && `![${alt.replace(/[[\]\\]/g, '\\$&').replace(/\s+/g, ' ')}](${PICTURES}/${name}.svg)`;
  const content = [start, shown, before, tableOf(rows, columns), after].filter(Boolean).join('\n\n');
  return `${document.slice(0, from)}${content}\n\n${document.slice(to)}`;
}

function parse(file) {
  try {
    return JSON.parse(read(file));
  } catch (error) {
    if (error instanceof SyntaxError) throw new Sentence(`${file} is not JSON: ${error.message}`);
    throw error;
  }
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Sentence(`${file} cannot be read (${error.code}).`);
  }
}
