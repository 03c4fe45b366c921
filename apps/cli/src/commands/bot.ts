import {
  BotsService,
  botStatuses,
  environments,
  providers,
  signaturePolicies,
} from '@countersign/applications';
import { choose, uuid, type Call, type Command } from '../command';
import { UsageError } from '../usage';

const place = { provider: { type: 'string' }, environment: { type: 'string' } } as const;

export const botCommands: Record<string, Command> = {
  'bot add': {
    options: {
      ...place,
      application: { type: 'string' },
      username: { type: 'string' },
      signature: { type: 'string' },
      'token-stdin': { type: 'boolean' },
    },
    run: {
      kind: 'connected',
      execute: async (call, app, terminal) => {
        if (!call.has('token-stdin'))
          throw new UsageError('Pass --token-stdin and the token on standard input.');
        const added = await app.get(BotsService).add({
          ...placeOf(call),
          applicationId: uuid('application', call.required('application')),
          username: call.required('username'),
          signaturePolicy: choose('signature', call.optional('signature') ?? 'required', signaturePolicies),
          token: (await terminal.readInput()).trim(),
        });
        return { json: added, text: `Bot ${added.botId}` };
      },
    },
  },
  'bot set': {
    options: { ...place, bot: { type: 'string' }, status: { type: 'string' }, signature: { type: 'string' } },
    run: {
      kind: 'connected',
      execute: async (call, app) => {
        const botId = call.positionals[0] ?? call.required('bot');
        const [status, signature] = [call.optional('status'), call.optional('signature')];
        if (status === undefined && signature === undefined)
          throw new UsageError('Pass --status or --signature.');
        const bot = await app.get(BotsService).change(
          { ...placeOf(call), botId },
          {
            ...(status === undefined ? {} : { status: choose('status', status, botStatuses) }),
            ...(signature === undefined
              ? {}
              : { signaturePolicy: choose('signature', signature, signaturePolicies) }),
          },
        );
        const json = { botId: bot.botId, status: bot.status, signature: bot.signaturePolicy };
        return { json, text: `Bot ${bot.botId} is ${bot.status}, signature ${bot.signaturePolicy}` };
      },
    },
  },
};

function placeOf(call: Call): {
  provider: (typeof providers)[number];
  environment: (typeof environments)[number];
} {
  return {
    provider: choose('provider', call.optional('provider') ?? 'telegram', providers),
    environment: choose('environment', call.optional('environment') ?? 'production', environments),
  };
}
