import { createRequire } from 'node:module';
import type * as fake from '@countersign/fake-telegram';
import { wholeNumber, type Call } from '../call';
import { command, repeated, type Answer } from '../declaration';
import { UsageError } from '../errors';

export const fakeTelegram = {
  name: 'fake-telegram',
  ...command('serve a Telegram that signs for any user, in development only (docs/testing.md)', {
    '--port <port>': { description: 'port to listen on', default: '4000' },
    '--keys <file>': 'keep its keys in this file',
    '--bot <botId>': repeated('numeric id of a bot that it signs for'),
  }).plain(serve),
};

async function serve(call: Call): Promise<Answer> {
  const { terminal } = call;
  if (terminal.environment['NODE_ENV'] === 'production')
    throw new UsageError('fake-telegram is for development only: it signs for any user.');
  const port = wholeNumber(call, 'port', 0, 65_535);
  const bots = call.all('bot');
  const { startFakeTelegram, keepFakeTelegramKeys } = loaded();
  const file = call.optional('keys');
  const keys = file === undefined ? {} : { keys: await keepFakeTelegramKeys(file) };
  const server = await startFakeTelegram({ port, ...keys }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new UsageError(`Port ${port} is taken: pass another one with --port.`);
  });
  terminal.onInterrupt(() => void server.stop());
  const { issuer, telegram } = server;
  const variables = server.environmentFor(bots.length > 0 ? bots : ['<botId>']);
  return {
    json: { issuer, publicKey: telegram.publicKeyHex, environment: variables },
    text: [
      `A fake Telegram is on ${issuer}; Ctrl-C ends it. Start Countersign with`,
      ...Object.entries(variables).map(([name, value]) => `  ${name}=${value}`),
    ].join('\n'),
  };
}

/** The image does not contain it, so no import compiled into the image may name it. It is loaded by its path. */
function loaded(): typeof fake {
  try {
    return createRequire(__filename)('../../../../published/fake-telegram/src') as typeof fake;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    throw new UsageError('fake-telegram is for development only: it is not in the image.');
  }
}
