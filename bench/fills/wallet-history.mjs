import { createHash } from 'node:crypto';
import { part, product } from '../product/parts.mjs';

const { keysOf } = part('libs/wallets/linked-wallets/src/store/wallet-sealing');
const { isHidden, nameOf } = part('libs/wallets/wallet-history/src/entry');
const { entryDigest, historyDigest } = part('libs/wallets/wallet-history/src/store/digests');
const { sealFinal } = part('libs/wallets/wallet-history/src/store/sealing');
const { HistoryRepository } = part('libs/wallets/wallet-history/src/store/history.repository');

const BATCH = 5_000;
/** One of so many transactions looks like spam. */
const SPAM_EVERY = 10;

/** Final transactions of one wallet, sealed and stored by the product's own code. */
export async function fillHistory(client, { keys, walletId, chainId, rows, check }) {
  const found = await client.query(
    `SELECT w.user_id AS "userId", w.wallet_key AS "walletKey", u.data_key AS "dataKey"
     FROM wallets w JOIN users u ON u.id = w.user_id WHERE w.id = $1`,
    [walletId],
  );
  const [{ userId, walletKey, dataKey }] = found.rows;
  const ring = product.KeyRing.parse(keys);
  const wallet = keysOf(product.openDataKey(ring, userId, dataKey), walletId, walletKey);
  const digest = historyDigest(wallet, chainId);
  const history = new HistoryRepository();
  for (let from = 0; from < rows; from += BATCH) {
    check();
    const made = Array.from({ length: Math.min(BATCH, rows - from) }, (_, at) => {
      const sequence = from + at + 1;
      const entry = entryOf(`${walletId} ${sequence}`, sequence);
      return {
        digest,
        sequence,
        entry: entryDigest(wallet, chainId, nameOf(entry)),
        isHidden: isHidden(entry),
        content: sealFinal(wallet, digest, sequence, entry),
      };
    });
    await history.add(client, made);
  }
}

/** A transfer of a token that was received, as most of a busy address are. */
function entryOf(name, number) {
  const digits = (of) => `0x${createHash('sha256').update(`${of} ${name}`).digest('hex')}`;
  const address = (of) => digits(of).slice(0, 42);
  const [hash, from, to] = [digits('transaction'), address('from'), address('to')];
  const token = { kind: 'log', standard: 'erc20', contract: address('contract'), tokenId: null };
  const received = { direction: 'in', counterparty: from, amount: String(1_000_000 + number) };
  const spam = number % SPAM_EVERY === 0 ? ['mass_airdrop'] : [];
  return {
    block: { number: 20_000_000 + number, hash: digits('block'), at: 1_700_000_000 + number },
    transaction: { hash, index: number % 200, from, to, isSuccessful: true, fee: null, isFeeExact: true },
    part: 0,
    transfers: [{ ...token, ...received, logIndex: number % 300, batchIndex: null, spam }],
    vanishedAt: null,
  };
}
