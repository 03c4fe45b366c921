import { AppError } from '@countersign/errors';
import { InitDataVerifier } from '@countersign/auth';
import { uuid, type Command } from '../command';
import { UsageError } from '../usage';

export const explainCommands: Record<string, Command> = {
  explain: {
    options: {
      application: { type: 'string' },
      bot: { type: 'string' },
      'init-data-stdin': { type: 'boolean' },
    },
    run: {
      kind: 'connected',
      execute: async (call, app, terminal) => {
        if (!call.has('init-data-stdin')) throw new UsageError('Pass --init-data-stdin and the init data.');
        const initData = await terminal.readInput();
        try {
          const { proof } = await app
            .get(InitDataVerifier)
            .verify(uuid('application', call.required('application')), initData, call.optional('bot'));
          const { assurance, madeAt } = proof;
          const json = { ok: true, assurance, madeAt: madeAt.toISOString() };
          return { json, text: `Every rule holds: assurance ${assurance}, made at ${json.madeAt}` };
        } catch (error) {
          if (!(error instanceof AppError) || error.kind === 'unavailable') throw error;
          const { code, definition } = error;
          const text = `${code}: ${definition.title}. ${definition.remedy ?? ''}`.trim();
          return { json: { ok: false, code, title: definition.title }, text, exitCode: 1 };
        }
      },
    },
  },
};
