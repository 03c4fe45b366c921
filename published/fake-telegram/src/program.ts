#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { keepFakeTelegramKeys, startFakeTelegram } from '.';

const USAGE = `countersign-fake-telegram [--port <port>] [--keys <file>] [--bot <botId>]...

Serves a Telegram that signs for any user, on 127.0.0.1.
  --port <port>  port to listen on, 4000 by default
  --keys <file>  keep its keys in this file
  --bot <botId>  numeric id of a bot that it signs for`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '4000' },
      keys: { type: 'string' },
      bot: { type: 'string', multiple: true, default: ['<botId>'] },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return say(USAGE);
  const port = Number(values.port);
  if (!/^\d{1,5}$/.test(values.port) || port > 65_535) throw new Error('--port must be a port number.');
  const keys = values.keys === undefined ? {} : { keys: await keepFakeTelegramKeys(values.keys) };
  const server = await startFakeTelegram({ port, ...keys });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void server.stop());
  say(`A fake Telegram is on ${server.issuer}; Ctrl-C ends it. Start Countersign with`);
  for (const [name, value] of Object.entries(server.environmentFor(values.bot))) say(`  ${name}=${value}`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
});
