import { Agent, request } from 'node:http';
import { performance } from 'node:perf_hooks';

/** Milliseconds after which nobody waits for an answer any more. */
const PATIENCE = 20_000;

/**
 * What became of a request. Times are of `performance.now()`.
 *
 * @typedef {object} Answer
 * @property {'answered' | 'unanswered' | 'cut'} outcome `cut`: the connection ended after the first byte of the answer
 * @property {number} status 0 without an answer
 * @property {import('node:http').IncomingHttpHeaders} headers
 * @property {any} body parsed; null without one
 * @property {number} sentAt
 * @property {number} sentOn the same by the wall clock, milliseconds since the epoch
 * @property {number} endedAt
 * @property {string} reason why there is no answer
 */

/** One port of one replica. */
export class Door {
  #agent = new Agent({ keepAlive: true, noDelay: true, maxSockets: 512 });
  #port;

  /** @param {number} port */
  constructor(port) {
    this.#port = port;
  }

  /**
   * @param {object} call
   * @param {string} call.method
   * @param {string} call.path
   * @param {string} [call.token] access token
   * @param {object} [call.body]
   * @returns {Promise<Answer>} never rejects
   */
  ask({ method, path, token, body }) {
    return new Promise((resolve) => {
      const text = body === undefined ? '' : JSON.stringify(body);
      const headers = {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
      };
      const [sentAt, sentOn] = [performance.now(), Date.now()];
      let [socket, readBefore] = [null, 0];
      const lose = (error) => {
        const isCut = socket !== null && socket.bytesRead > readBefore;
        const endedAt = performance.now();
        const outcome = isCut ? 'cut' : 'unanswered';
        resolve({
          outcome,
          status: 0,
          headers: {},
          body: null,
          sentAt,
          sentOn,
          endedAt,
          reason: error.message,
        });
      };
      const sending = request(
        { agent: this.#agent, host: '127.0.0.1', port: this.#port, method, path, headers, timeout: PATIENCE },
        (response) => {
          const chunks = [];
          response.on('data', (chunk) => chunks.push(chunk));
          response.on('error', lose);
          response.on('end', () => {
            const endedAt = performance.now();
            const { statusCode: status, headers: received } = response;
            const parsed = parse(Buffer.concat(chunks).toString('utf8'));
            resolve({
              outcome: 'answered',
              status,
              headers: received,
              body: parsed,
              sentAt,
              sentOn,
              endedAt,
              reason: '',
            });
          });
        },
      );
      sending.on('socket', (used) => {
        socket = used;
        readBefore = used.bytesRead;
      });
      sending.on('timeout', () => sending.destroy(new Error(`no answer in ${PATIENCE / 1000} s`)));
      sending.on('error', lose);
      sending.end(text);
    });
  }

  close() {
    this.#agent.destroy();
  }
}

function parse(text) {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
