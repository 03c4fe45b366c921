import { startProgram } from './program.mjs';

/**
 * A bare Fastify that answers 200 to the gateway's question, whoever asks.
 *
 * @param {{ cores: number[] | undefined }} options
 */
export function startFastify({ cores }) {
  return startProgram(new URL('fastify-server.mjs', import.meta.url), {}, cores);
}
