import { performance } from 'node:perf_hooks';
import { runCli } from '../product/service.mjs';
import { table } from '../report/table.mjs';
import { EXPLAINING } from './plans.mjs';
import { product } from './product.mjs';
import { judge, plansOf } from './watched.mjs';

/** The token leaked so long ago. Days. */
const LEAKED = 20;

const BY_TOKEN = `
  SELECT count(*)::int AS count FROM sessions
  WHERE assurance = 'bot-token' AND created_at >= $1 AND ended_at IS NULL`;

/**
 * The token of the bot has leaked: the operator distrusts it, ends every session that rests on it, and removes the bot.
 *
 * @param {import('./town.mjs').Town} town
 * @param {import('../product/telegram-bot.mjs').TelegramBot} bot
 * @returns {Promise<{ text: string, faults: string[] }>}
 */
export async function operate({ installation, postgres, client, filled }, bot) {
  const since = new Date(filled.now - LEAKED * product.DAY);
  const count = async () => (await client.query(BY_TOKEN, [since])).rows[0].count;
  const expected = await count();
  const env = { ...installation.env, PGOPTIONS: EXPLAINING };
  const done = [];
  const plans = await plansOf(postgres, async () => {
    done.push(
      await timed(['bot', 'set', bot.id, '--status', 'compromised'], env),
      await timed(['session', 'revoke', '--bot', bot.id, '--since', since.toISOString()], env),
      await timed(['bot', 'remove', bot.id], env),
    );
  });
  const [, revoked] = done;
  const left = await count();
  const judged = await judge(client, [{ name: 'an operator’s three commands', plans }]);
  const faults = [
    ...done.filter(({ failure }) => failure).map(({ command, failure }) => `"${command}" failed: ${failure}`),
    ...(left === 0 ? [] : [`${left} sessions of the bot were left`]),
    ...(revoked.failure || revoked.told.endedSessions === expected
      ? []
      : [`${revoked.told.endedSessions} sessions were ended instead of ${expected}`]),
    ...judged.faults,
  ];
  const rows = done.map(({ command, seconds, told, failure }) => [
    command,
    told?.endedSessions === undefined ? '' : String(told.endedSessions),
    seconds.toFixed(1),
    failure ?? 'done',
  ]);
  const headings = ['operator', ' sessions ended', ' seconds', ''];
  return { text: `${table(headings, rows)}\n\n${judged.text}`, faults };
}

async function timed(words, env) {
  const command = words.slice(0, 2).join(' ');
  const start = performance.now();
  const seconds = () => (performance.now() - start) / 1_000;
  try {
    const told = await runCli(words, env);
    return { command, told, seconds: seconds() };
  } catch (error) {
    return { command, failure: error.message, seconds: seconds() };
  }
}
