import autocannon from 'autocannon';

/**
 * The rate of `GET /v1/me` as autocannon sees it: this load generator is home-made, and a second one should agree.
 *
 * @param {import('./rounds.mjs').Subject} subject
 * @param {string[]} accessTokens that take turns
 * @param {{ connections: number, seconds: number, warmUp: number }} options
 * @returns {Promise<number>} answers per second
 */
export async function autocannonRate({ name, port }, accessTokens, { connections, seconds, warmUp }) {
  const run = (duration) =>
    autocannon({
      url: `http://127.0.0.1:${port}`,
      connections,
      duration,
      requests: accessTokens.map((token) => ({
        method: 'GET',
        path: '/v1/me',
        headers: { authorization: `Bearer ${token}` },
      })),
    });
  await run(warmUp);
  const result = await run(seconds);
  const failures = result.non2xx + result.errors + result.timeouts;
  if (failures > 0) throw new Error(`autocannon got ${failures} wrong answers from ${name}`);
  return result['2xx'] / result.duration;
}
