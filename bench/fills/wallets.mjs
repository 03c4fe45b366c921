import { createHash, randomUUID } from 'node:crypto';
import { v7 } from 'uuid';
import { product } from '../product/parts.mjs';
import { copyRows } from './copy.mjs';
import { whileLoading } from './loading.mjs';

/** The same address for the same name. */
export function addressOf(name) {
  return `0x${createHash('sha256').update(name).digest('hex').slice(0, 40)}`;
}

export const followedAddress = (number) => addressOf(`followed ${number}`);

/** People with a linked wallet each. Identities are left out: following a chain does not read them. */
export async function fillWallets(client, { keys, count }) {
  const ring = product.KeyRing.parse(keys);
  const [users, wallets, digests] = [[], [], []];
  const now = new Date();
  for (let number = 0; number < count; number += 1) {
    const [userId, walletId] = [v7(), v7()];
    const { dataKey, wrapped } = product.createDataKey(ring, product.dataKeyPlace(userId));
    const position = { table: 'wallets', column: 'wallet_key', row: walletId };
    const { wrapped: walletKey } = product.createDataKeyUnder(dataKey, position);
    const times = { created_at: now, updated_at: now };
    users.push({ id: userId, ...person(wrapped), ...times });
    wallets.push({ id: walletId, user_id: userId, wallet_key: walletKey, ...linked(now) });
    const address = ['eip155', followedAddress(number)];
    const [{ keyId, digest }] = product.blindIndexes(ring, 'wallets.address', address);
    digests.push({ key_id: keyId, wallet_id: walletId, digest });
  }
  await whileLoading(client, 'users, wallets, wallet_address_digests', async () => {
    await copyRows(client, 'users', users);
    await copyRows(client, 'wallets', wallets);
    await copyRows(client, 'wallet_address_digests', digests);
  });
}

function person(dataKey) {
  return { status: 'active', data_key: dataKey, audit_pseudonym: randomUUID(), has_profile: false };
}

function linked(at) {
  const kind = { kind: 'linked', provider: 'ethereum', environment: 'test', is_primary: true };
  return { identity_id: randomUUID(), ...kind, linked_at: at, checked_at: at };
}
