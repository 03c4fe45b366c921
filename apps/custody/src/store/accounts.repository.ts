import type { PoolClient } from 'pg';
import type { Unsettled } from '@countersign/custody-protocol';
import { MAX_UNSETTLED, type Account, type Outstanding, type SignedAct } from '@countersign/custody-rules';

interface AccountKey {
  readonly walletId: string;
  readonly chain: string;
}

const MAX_LISTED = 100;
const KEY = 'wallet_id = $1 AND chain = $2';

export async function accountOf(
  client: PoolClient,
  { walletId, chain }: AccountKey,
  nonce: number | null,
): Promise<Account> {
  const { rows } = await client.query<Account>(
    `SELECT next::float8, highest::float8,
       (SELECT max(price)::text FROM custody.outstanding WHERE ${KEY} AND nonce = $3) AS price
     FROM custody.accounts WHERE ${KEY}`,
    [walletId, chain, nonce],
  );
  return rows[0] ?? { next: null, highest: null, price: null };
}

export async function wantReport(client: PoolClient, { walletId, chain }: AccountKey): Promise<void> {
  await client.query(
    `INSERT INTO custody.accounts (wallet_id, chain) VALUES ($1, $2)
     ON CONFLICT (wallet_id, chain) DO UPDATE SET is_wanted = true, reported_at = NULL`,
    [walletId, chain],
  );
}

/** Makes the reader repeat its reports of the last month, because an earlier reader may have lied. */
export async function wantAllReports(client: PoolClient): Promise<void> {
  await client.query(
    `UPDATE custody.accounts SET is_wanted = true WHERE (wallet_id, chain) IN
       (SELECT wallet_id, chain FROM custody.outstanding WHERE nonce IS NOT NULL)`,
  );
}

/** After a restore, custody signs nothing before a report. All nonces that may have been signed count as signed. */
export async function forgetNonces(
  client: PoolClient,
  chains: readonly string[],
  wallets: readonly string[],
): Promise<void> {
  await client.query(
    `INSERT INTO custody.accounts (wallet_id, chain, highest) SELECT id, unnest($1::text[]), 0 FROM unnest($2::uuid[]) AS id
     ON CONFLICT (wallet_id, chain) DO UPDATE
       SET next = NULL, highest = coalesce(accounts.highest, 0), is_wanted = true, reported_at = NULL`,
    [chains, wallets],
  );
}

/** Does the same for the next wallets after `after`: a transaction has no time for all of them. @returns the last one */
export async function forgetNoncesAfter(
  client: PoolClient,
  chains: readonly string[],
  after: string,
): Promise<string | null> {
  const { rows } = await client.query<{ id: string }>(
    'SELECT id FROM custody.wallets WHERE key_id IS NOT NULL AND id > $1 ORDER BY id LIMIT 5000',
    [after],
  );
  const wallets = rows.map(({ id }) => id);
  await forgetNonces(client, chains, wallets);
  return wallets.at(-1) ?? null;
}

/** Ends the transactions below the next nonce. All others count again. */
export async function setNext(
  client: PoolClient,
  { walletId, chain }: AccountKey,
  next: number,
  now: Date,
): Promise<void> {
  await client.query(
    `WITH acts AS (UPDATE custody.outstanding SET ends_at = CASE WHEN nonce < $3 THEN $4::timestamptz ELSE 'infinity' END
       WHERE ${KEY} AND nonce IS NOT NULL AND (nonce < $3) = (ends_at = 'infinity'))
     UPDATE custody.accounts SET next = $3, reported_at = $4, is_wanted = coalesce(next IS NOT NULL AND highest >= $3, false),
       highest = CASE WHEN next IS NULL AND highest IS NOT NULL THEN greatest(highest, $3 + $5) ELSE highest END WHERE ${KEY}`,
    [walletId, chain, next, now, MAX_UNSETTLED - 1],
  );
}

/** Accounts of wallets after `after` with nonces that are not settled, or signatures that can still move something. */
export async function unsettledAfter(
  client: PoolClient,
  after: string,
  now: Date,
): Promise<readonly Unsettled[]> {
  const { rows } = await client.query<Unsettled>(
    `SELECT wallet_id AS "walletId", chain, a.next::float8, a.highest::float8, o.amounts
     FROM (SELECT * FROM custody.accounts WHERE wallet_id > $1 AND highest >= coalesce(next, 0)) a FULL JOIN
       (SELECT wallet_id, chain, jsonb_object_agg(name, amount) FILTER (WHERE amount <> '0') AS amounts FROM
         (SELECT wallet_id, chain, name, sum(amount)::text AS amount FROM custody.outstanding
          WHERE ends_at > $2 AND wallet_id > $1 GROUP BY wallet_id, chain, name) s
        GROUP BY wallet_id, chain) o USING (wallet_id, chain)
     ORDER BY wallet_id FETCH FIRST $3 ROWS WITH TIES`,
    [after, now, MAX_LISTED],
  );
  return rows;
}

/** The amounts that were signed under these rules and can still move. `ofNonce` counts the amounts of `nonce`. */
export async function outstandingOf(
  client: PoolClient,
  { walletId, chain, person }: AccountKey & { readonly person: string },
  nonce: number | null,
  names: readonly string[],
  now: Date,
): Promise<readonly Outstanding[]> {
  if (names.length === 0) return [];
  const { rows } = await client.query<{ readonly [Key in keyof Outstanding]: string }>(
    `SELECT name, sum(amount) AS "ofAll", coalesce(sum(amount) FILTER (WHERE ${KEY}), 0) AS "ofWallet",
       coalesce(sum(amount) FILTER (WHERE ${KEY} AND nonce = $3), 0) AS "ofNonce",
       coalesce(sum(amount) FILTER (WHERE person = $4), 0) AS "ofPerson"
     FROM custody.outstanding WHERE name = ANY($5) AND ends_at > $6 GROUP BY name`,
    [walletId, chain, nonce, person, names, now],
  );
  return rows.map(({ name, ofNonce, ofWallet, ofPerson, ofAll }) => ({
    ...{ name, ofNonce: BigInt(ofNonce), ofWallet: BigInt(ofWallet) },
    ...{ ofPerson: BigInt(ofPerson), ofAll: BigInt(ofAll) },
  }));
}

/** The largest amount and price of a nonce count. */
export async function noteSigned(
  client: PoolClient,
  { walletId, chain, callId, person }: AccountKey & Readonly<Record<'callId' | 'person', string>>,
  { nonce, price, endsAt }: SignedAct,
  amounts: readonly { readonly name: string; readonly amount: bigint }[],
): Promise<void> {
  if (nonce === null && amounts.length === 0) return;
  await client.query(
    `WITH account AS (UPDATE custody.accounts SET highest = greatest(highest, $4::bigint), is_wanted = true
       WHERE ${KEY} AND $4::bigint IS NOT NULL)
     INSERT INTO custody.outstanding AS o (wallet_id, chain, act, nonce, price, ends_at, person, name, amount)
       SELECT $1, $2, $3, $4::bigint, $5::numeric, $6::timestamptz, $7, * FROM unnest($8::text[], $9::numeric[])
     ON CONFLICT (wallet_id, chain, act, name) DO UPDATE
       SET amount = greatest(o.amount, excluded.amount), price = greatest(o.price, excluded.price)`,
    [
      ...[walletId, chain, String(nonce ?? callId), nonce, String(price), endsAt, person],
      ...[amounts.map(({ name }) => name), amounts.map(({ amount }) => String(amount))],
    ],
  );
}
