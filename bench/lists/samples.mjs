import { createRequire } from 'node:module';
import { inClone } from '../../scripts/lib/clone.mjs';
import { product } from '../growth/product.mjs';

const require = createRequire(import.meta.url);
const { Cursors } = require(inClone('dist/libs/platform/admin/src/index.js'));

/**
 * What the calls name, of one installation.
 *
 * @typedef {Awaited<ReturnType<typeof samplesOf>>} Samples
 */

/** @param {import('pg').Client} client @param {string} keys the document of the ring */
export async function samplesOf(client, keys) {
  const one = async (text) => (await client.query(text)).rows[0];
  const { id: userId } = await one('SELECT id FROM users ORDER BY id OFFSET 10 LIMIT 1');
  const { id: applicationId, bot_id: botId } = await one(
    'SELECT application_id AS id, bot_id FROM bots ORDER BY id DESC LIMIT 1',
  );
  const middle = {};
  for (const table of ['users', 'identities', 'sessions'])
    middle[table] = (
      await one(`SELECT id FROM ${table} ORDER BY id OFFSET (SELECT count(*) / 2 FROM ${table}) LIMIT 1`)
    ).id;
  const { after, before } = await one(
    `SELECT now() - interval '5 days' AS after, now() - interval '4 days' AS before`,
  );
  const { subject } = await one('SELECT subject FROM audit_records ORDER BY occurred_at OFFSET 10 LIMIT 1');
  return {
    userId,
    applicationId,
    botId,
    middle,
    created: { after: after.toISOString(), before: before.toISOString() },
    audit: { subject },
    cursors: new Cursors(product.KeyRing.parse(keys)),
  };
}
