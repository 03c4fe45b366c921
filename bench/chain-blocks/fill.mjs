import { randomUUID } from 'node:crypto';
import { v7 } from 'uuid';
import { product } from '../growth/product.mjs';
import { followedAddress } from './addresses.mjs';

const BATCH = 1_000;

/**
 * People with a linked wallet each. Identities are left out: nothing of what follows a chain reads them.
 *
 * @param {import('pg').Client} client
 * @param {{ keys: string, count: number }} wanted
 */
export async function fillWallets(client, { keys, count }) {
  const ring = product.KeyRing.parse(keys);
  // Nothing that they point to needs to be looked for.
  await client.query('SET session_replication_role = replica');
  for (let from = 0; from < count; from += BATCH) {
    const numbers = Array.from({ length: Math.min(BATCH, count - from) }, (_, at) => from + at);
    await insert(
      client,
      numbers.map((number) => walletOf(ring, number)),
    );
  }
  await client.query('RESET session_replication_role');
  await client.query('VACUUM (ANALYZE) users, wallets, wallet_address_digests');
}

function walletOf(ring, number) {
  const userId = v7();
  const walletId = v7();
  const { dataKey, wrapped } = product.createDataKey(ring, product.dataKeyPlace(userId));
  const place = { table: 'wallets', column: 'wallet_key', row: walletId };
  const walletKey = product.createDataKeyUnder(dataKey, place).wrapped;
  const [{ keyId, digest }] = product.blindIndexes(ring, 'wallets.address', [
    'eip155',
    followedAddress(number),
  ]);
  return { userId, walletId, identityId: randomUUID(), wrapped, walletKey, keyId, digest };
}

async function insert(client, made) {
  const all = (name) => made.map((one) => one[name]);
  await client.query(
    `INSERT INTO users (id, status, data_key, audit_pseudonym, has_profile, created_at, updated_at)
     SELECT id, 'active', key, gen_random_uuid(), false, now(), now()
     FROM unnest($1::uuid[], $2::text[]) AS made (id, key)`,
    [all('userId'), all('wrapped')],
  );
  await client.query(
    `INSERT INTO wallets (id, user_id, identity_id, kind, provider, environment, is_primary, wallet_key, linked_at, checked_at)
     SELECT id, owner, identity, 'linked', 'ethereum', 'test', true, key, now(), now()
     FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[]) AS made (id, owner, identity, key)`,
    [all('walletId'), all('userId'), all('identityId'), all('walletKey')],
  );
  await client.query(
    `INSERT INTO wallet_address_digests (key_id, wallet_id, digest)
     SELECT * FROM unnest($1::text[], $2::uuid[], $3::bytea[])`,
    [all('keyId'), all('walletId'), all('digest')],
  );
}
