import { AppError } from '@countersign/errors';
import { uuid, type Answer, type Call, type Connected } from '../command';
import { exitCodeOfKind } from '../exit-codes';
import { explainedProofs, type ExplainedProof } from '../explained-proofs';
import { UsageError } from '../usage';

const kinds = Object.keys(explainedProofs);

export const explain: Connected = async (call, app, terminal) => {
  const verify = chosenKind(call);
  const applicationId = uuid('application', call.required('application'));
  const text = await terminal.readInput();
  try {
    return accepted(await verify(app, { applicationId, text, call }));
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'service.unavailable') throw error;
    return refused(error);
  }
};

function chosenKind(call: Call): (typeof explainedProofs)[string] {
  const [kind, another] = kinds.filter((name) => call.has(name));
  const explain = kind === undefined || another !== undefined ? undefined : explainedProofs[kind];
  if (!explain) throw new UsageError(`Pass one of ${kinds.map((name) => `--${name}`).join(', ')}.`);
  return explain;
}

function accepted({ assurance, madeAt }: ExplainedProof): Answer {
  const json = { ok: true, assurance, madeAt: madeAt?.toISOString() ?? null };
  return { json, text: `Every rule holds: assurance ${assurance}, made at ${json.madeAt ?? 'no date'}` };
}

/** Reveals the documented rule only, and nothing about the correct value. */
function refused({ code, kind, definition, options }: AppError): Answer {
  const { title, remedy } = definition;
  const { detail, fields = [] } = options;
  const sentences = [`${code}: ${title}.`, detail, remedy].filter((sentence) => sentence !== undefined);
  return {
    json: {
      ok: false,
      code,
      title,
      ...(detail === undefined ? {} : { detail }),
      ...(remedy === undefined ? {} : { remedy }),
      ...(fields.length === 0 ? {} : { errors: fields }),
    },
    text: [sentences.join(' '), ...fields.map((field) => `  - ${field.path}: ${field.detail}`)].join('\n'),
    exitCode: exitCodeOfKind[kind],
  };
}
