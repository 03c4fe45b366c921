import { performance } from 'node:perf_hooks';
import { table } from '../table.mjs';
import { runCli } from './service.mjs';

/**
 * The token of the bot has leaked, and nobody had ever signed in by more: the operator ends every session at once.
 *
 * @returns {Promise<{ text: string, faults: string[] }>}
 */
export async function revokeAll({ installation, client, bot }) {
  const live = await client.query(
    `UPDATE sessions SET assurance = 'bot-token' WHERE ended_at IS NULL AND bot_row_id IS NOT NULL`,
  );
  await client.query('VACUUM (ANALYZE) sessions');
  const words = ['session', 'revoke', '--bot', bot.id, '--since'];
  const start = performance.now();
  const told = await runCli([...words, '2000-01-01T00:00:00Z'], installation.env).catch((error) => error);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  const hasFailed = told instanceof Error;
  const outcome = hasFailed ? told.message : `${told.endedSessions} ended`;
  const faults = [
    hasFailed ? [`revoking the sessions of a bot failed after ${seconds} s: ${outcome}`] : [],
    hasFailed || told.endedSessions === live.rowCount
      ? []
      : ['other sessions were ended than should have been'],
  ].flat();
  return {
    text: table(
      ['operator', ' sessions', ' seconds', 'outcome'],
      [['revokes all of a bot', String(live.rowCount), seconds, outcome]],
    ),
    faults,
  };
}
