import { createRequire } from 'node:module';
import { inClone } from '../../scripts/lib/clone.mjs';
import { request } from '../lists/request.mjs';
import { post } from '../teams/caller.mjs';

const require = createRequire(inClone('package.json'));
const { generatePrivateKey, privateKeyToAccount } = require('viem/accounts');

/** Where people of the application are. */
export const SITE = 'https://bench.example';

/** Links a new wallet to the account of a session that was stepped up. @returns {Promise<string>} its id */
export async function linkWallet(origin, accessToken, chainId) {
  const headers = { authorization: `Bearer ${accessToken}`, origin: SITE };
  const account = privateKeyToAccount(generatePrivateKey());
  const { challengeId, message } = await post(
    `${origin}/v1/wallets/challenges`,
    { kind: 'siwe', address: account.address, chainId },
    headers,
  );
  const signature = await account.signMessage({ message });
  const { walletId } = await post(`${origin}/v1/wallets/links`, { challengeId, signature }, headers);
  return walletId;
}

/** @returns {Promise<{ page: any, ms: number, bytes: number }>} a page of the history */
export async function pageOf(origin, accessToken, path) {
  const start = performance.now();
  const answer = await request(`${origin}${path}`, { headers: { authorization: `Bearer ${accessToken}` } });
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`GET ${path} answered ${answer.status}: ${text.slice(0, 300)}`);
  const page = JSON.parse(text);
  return { page, ms: performance.now() - start, bytes: text.length };
}
