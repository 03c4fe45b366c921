import { once } from 'node:events';
import { createServer } from 'node:net';
import { Sentence } from './main.mjs';

/** An `ADMIN_PORT` that is not set may be taken: the service then runs without the administration API. */
const DEFAULTS = { PORT: 3000, GATEWAY_PORT: 3001, ADMIN_PORT: undefined };

/**
 * Makes sure that the service can listen on its ports, before anything costly starts. The service itself refuses a value
 * that is no port.
 *
 * @param {NodeJS.ProcessEnv} env
 * @param {string} command that starts the service, for the sentence
 * @throws {Sentence} that says which port is taken, and what to do
 */
export async function assertFreePorts(env, command) {
  for (const [variable, fallback] of Object.entries(DEFAULTS)) {
    const port = Number(env[variable] || fallback);
    const host = (variable === 'ADMIN_PORT' ? env.ADMIN_HOST : env.HOST) || '127.0.0.1';
    if (port >= 1 && port <= 65_535) await assertFree(host, port, variable, command);
  }
}

async function assertFree(host, port, variable, command) {
  const probe = createServer();
  try {
    await once(probe.listen(port, host), 'listening');
  } catch (error) {
    throw new Sentence(
      error.code === 'EADDRINUSE'
        ? `Port ${port} is taken. Stop the program that uses it, or choose another port with ${variable}=${port + 10} ${command}.`
        : `This machine cannot listen on ${host}:${port} (${error.message}). Set the host to one of its own addresses, and ${variable} to a port above 1023.`,
      { cause: error },
    );
  }
  await new Promise((resolve) => probe.close(resolve));
}
