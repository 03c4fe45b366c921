import { startProgram } from './program.mjs';

/**
 * The ceiling: a bare `node:http` that reads the request and answers what was said beforehand.
 *
 * @param {object} options
 * @param {Record<string, { status: number, size: number }>} options.answers by path
 * @param {number[] | undefined} options.cores
 */
export function startBare({ answers, cores }) {
  return startProgram(
    new URL('bare-server.mjs', import.meta.url),
    { ANSWERS: JSON.stringify(answers) },
    cores,
  );
}
