import type { AppError as Refusal } from '@countersign/text';
import { command, needed, type Answer } from '../declaration';
import { UsageError, exitCodeOfKind } from '../errors';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export const explain = {
  name: 'explain',
  ...command('say which rule a proof fails, and use nothing up: one of the options that end in -stdin', {
    '--application <applicationId>': needed('application that the proof is for'),
    '--bot <botId>': 'numeric id of the bot, where the application has several',
    '--init-data-stdin': 'init data of a Mini App',
    '--provider <provider>': {
      description: 'provider of the init data',
      words: ['telegram', 'openweb3'],
      default: 'telegram',
    },
    '--third-party': 'init data of a bot that is only allowed; with --bot',
    '--login-widget-stdin': 'Login Widget: its JSON object, the query, or tgAuthResult',
    '--id-token-stdin': 'ID token of Log In With Telegram',
    '--nonce <nonce>': 'nonce that the ID token repeats',
    '--rapidpace-body-stdin': 'body of a call of Rapidpace; with --hmac',
    '--hmac <base64>': 'its header x-urm-hmac',
    '--rapidpace-link-stdin': 'link of Rapidpace: the URL, or its query',
  }).act(async (call, app, { AppError }) => {
    const { inputs, verifyProof } = await import('../explained-proofs.js');
    const [input, another] = inputs.filter((each) => call.has(`${each}-stdin`));
    if (input === undefined || another !== undefined)
      throw new UsageError(`Pass one of ${inputs.map((each) => `--${each}-stdin`).join(', ')}.`);
    const applicationId = call.required('application').toLowerCase();
    if (!UUID.test(applicationId)) throw new UsageError('--application must be a UUID.');
    try {
      const { assurance, madeAt } = await verifyProof(app, call, input, applicationId);
      const json = { ok: true, assurance, madeAt: madeAt?.toISOString() ?? null };
      return { json, text: `Every rule holds: assurance ${assurance}, made at ${json.madeAt ?? 'no date'}` };
    } catch (error) {
      if (!(error instanceof AppError) || error.code === 'service.unavailable') throw error;
      return refused(error);
    }
  }),
};

/** The answer names the documented rule and says nothing about the correct value. */
function refused({ code, kind, definition, options }: Refusal): Answer {
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
    exitCode: exitCodeOfKind(kind),
  };
}
