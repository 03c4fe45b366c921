import { writeFile } from 'node:fs/promises';
import { generateKeyRing } from '@countersign/crypto';
import type { Declare, Plain } from '../command';

export const declareKeys: Declare = (program, { plain }) => {
  program
    .command('keys')
    .description('the key ring, which seals what is stored')
    .command('generate')
    .description('make a key ring for KEYS_FILE')
    .option('--out <file>', 'write it to this file, for its owner only; overwrites nothing')
    .action(plain(generate));
};

const generate: Plain = async (call) => {
  const document = generateKeyRing();
  const file = call.optional('out');
  if (file === undefined) return { json: document, text: JSON.stringify(document, null, 2) };
  await writeFile(file, `${JSON.stringify(document, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  const text = `Wrote ${file}. Keep a copy apart from the database: without it nothing in there can be read.`;
  return { json: { file }, text };
};
