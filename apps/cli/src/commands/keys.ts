import { writeFile } from 'node:fs/promises';
import { generateKeyRing } from '@countersign/crypto';
import type { Command } from '../command';

export const keysCommands: Record<string, Command> = {
  'keys generate': {
    options: { out: { type: 'string' } },
    run: {
      kind: 'plain',
      execute: async (call) => {
        const document = generateKeyRing();
        const file = call.optional('out');
        if (file === undefined) return { json: document, text: JSON.stringify(document, null, 2) };
        await writeFile(file, `${JSON.stringify(document, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
        const text = `Wrote ${file}. Keep a copy apart from the database: without it nothing in there can be read.`;
        return { json: { file }, text };
      },
    },
  },
};
