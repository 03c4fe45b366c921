import { readFile, writeFile } from 'node:fs/promises';
import { command, needed, type GroupDeclaration } from '../declaration';
import { UsageError } from '../errors';

const OUT = '--out <file>';
const UNTREATED = 'These rows still need a former key, and cannot be moved:';
const MAY_LEAVE =
  'When you no longer need these rows, the ring may leave out the other keys. Backups made before still need them.';

export const keys: GroupDeclaration = {
  name: 'keys',
  description: 'the key ring, which seals what is stored',
  commands: {
    generate: command('make a key ring for KEYS_FILE', {
      [OUT]: 'write it to this file, for its owner only; overwrites nothing',
    }).plain(async (call) => {
      const { generateKeyRing } = await import('../lazy/unconnected.js');
      const document = generateKeyRing();
      const file = call.optional('out');
      if (file === undefined) return { json: document, text: JSON.stringify(document, null, 2) };
      await writeRing(file, document);
      const text = `Wrote ${file}. Keep a copy apart from the database: without it nothing in there can be read.`;
      return { json: { file }, text };
    }),
    add: command('make one more key, at the end of its list: it opens, and does not seal yet', {
      '<purpose>': 'sealing, index or token',
      '--ring <file>': needed('the ring that gets the key'),
      [OUT]: needed('write the ring with it to this file; overwrites nothing'),
    }).plain(async (call) => {
      const { extendKeyRing, KEY_PURPOSES, parseKeyRingDocument } = await import('../lazy/unconnected.js');
      const purpose = KEY_PURPOSES.find((known) => known === call.argument);
      if (purpose === undefined) throw new UsageError(`<purpose> must be one of ${KEY_PURPOSES.join(', ')}.`);
      const before = parseKeyRingDocument(await readFile(call.required('ring'), 'utf8'));
      const { document, id } = extendKeyRing(before, purpose);
      const file = call.required('out');
      await writeRing(file, document);
      const text = [
        `Wrote ${file} with the ${purpose} key ${id}. Nothing is sealed under it yet.`,
        'Give it to all replicas and send them SIGHUP; then move the key to the front, and send SIGHUP again.',
      ];
      return { json: { keyId: id, purpose, file }, text: text.join('\n') };
    }),
    rewrap: command('bring all stored values to the first keys of the ring').act(
      async (_call, app, { Rewrapping, RingCheck }) => {
        await app.get(RingCheck).verify();
        const { works, untreated } = await app.get(Rewrapping).run();
        const [done, remaining] = [totalOf(works, 'done'), totalOf(works, 'remaining')];
        const left = works.filter((one) => one.remaining > 0).map((one) => `${one.remaining} of ${one.work}`);
        const still = untreated.map(
          ({ purpose, rows, count, lasts }) =>
            `- ${purpose}: ${rows}, ${count === null ? 'of unknown number' : `at most ${count}`}, ${lasts}`,
        );
        const rest =
          left.length > 0
            ? `${left.join(', ')} remain: run it again, or see docs/operations.md`
            : still.length > 0
              ? 'none remains.'
              : 'none remains: the ring may leave out the other keys. Backups made before still need them.';
        const text = [
          `${done} values were moved; ${rest}`,
          ...(still.length > 0 ? [UNTREATED, ...still] : []),
          ...(still.length > 0 && left.length === 0 ? [MAY_LEAVE] : []),
        ];
        return { json: { done, remaining, work: works, untreated }, text: text.join('\n') };
      },
    ),
  },
};

function totalOf(
  found: readonly { readonly done: number; readonly remaining: number }[],
  field: 'done' | 'remaining',
): number {
  return found.reduce((sum, one) => sum + one[field], 0);
}

async function writeRing(file: string, document: object): Promise<void> {
  await writeFile(file, `${JSON.stringify(document, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
}
