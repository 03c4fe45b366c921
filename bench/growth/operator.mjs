import { performance } from 'node:perf_hooks';
import { EXPLAINING, plansOf } from '../machine/plans.mjs';
import { product } from '../product/parts.mjs';
import { withServices } from '../../scripts/lib/services.mjs';
import { tableOf } from '../report/table.mjs';
import { judgePlans } from './journeys.mjs';

/** The token leaked so long ago. Days. */
const LEAKED = 20;
const BY_TOKEN = `
  SELECT count(*)::int AS count FROM sessions
  WHERE assurance = 'bot-token' AND created_at >= $1 AND ended_at IS NULL`;

/** The token of the bot leaked: the operator distrusts it, ends every session that rests on it, and removes the bot. */
export async function operate({ installation, bot }) {
  const { env, client, postgres, filled } = installation;
  const since = new Date(filled.now - LEAKED * product.DAY);
  const count = async () => (await client.query(BY_TOKEN, [since])).rows[0].count;
  const expected = await count();
  const key = { provider: 'telegram', environment: 'production', botId: bot.id };
  const records = (get) => get('identity/applications', 'BotRecords');
  const acts = {
    'bot set': (get) => records(get).change(key, { status: 'compromised' }),
    'session revoke': (get) => get('identity/account', 'AccountService').revoke({ bot: key, since }),
    'bot remove': (get) => get('identity/applications', 'BotsService').remove(key),
  };
  const done = [];
  const plans = await plansOf(postgres, async () => {
    const before = process.env.PGOPTIONS;
    process.env.PGOPTIONS = EXPLAINING;
    await withServices(env, async (get) => {
      for (const [command, act] of Object.entries(acts)) {
        const start = performance.now();
        const { endedSessions = '' } = (await act(get)) ?? {};
        const seconds = ((performance.now() - start) / 1_000).toFixed(1);
        done.push({ command, endedSessions, seconds });
      }
    });
    process.env.PGOPTIONS = before ?? '';
  });
  const left = await count();
  const judged = await judgePlans(client, [{ name: 'an operator’s three commands', plans }]);
  const { endedSessions } = done[1];
  const text = tableOf(done, {
    operator: ({ command }) => command,
    ' sessions ended': (row) => row.endedSessions,
    ' seconds': ({ seconds }) => seconds,
  });
  const faults = [
    left > 0 && `${left} sessions of the bot were left`,
    endedSessions !== expected && `${endedSessions} sessions were ended instead of ${expected}`,
    ...judged.faults,
  ].filter(Boolean);
  return { text: `${text}\n\n${judged.text}`, faults };
}
