/**
 * `fetch`, once more when the connection broke: the service closes one that was idle in the moment in which it is used.
 *
 * @param {string} url
 * @param {RequestInit} [options]
 */
export async function request(url, options) {
  try {
    return await fetch(url, options);
  } catch (first) {
    try {
      return await fetch(url, options);
    } catch (second) {
      throw new Error(`${url}: ${String(second.cause ?? second)}, after ${String(first.cause ?? first)}`, {
        cause: second,
      });
    }
  }
}
