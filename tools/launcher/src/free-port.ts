import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Makes sure that a port can be listened on, before anything costly is started.
 *
 * @param variable the environment variable that chooses the port
 * @param command that starts the service, for the sentence
 * @throws Error with the sentence that says what to do.
 */
export async function requireFreePort(
  host: string,
  port: number,
  variable: string,
  command: string,
): Promise<void> {
  const probe = createServer();
  try {
    await once(probe.listen(port, host), 'listening');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const sentence =
      code === 'EADDRINUSE'
        ? `Port ${port} is taken by another program: stop that one, or choose another port with ${variable}=${port + 10} ${command}.`
        : `This machine cannot listen on ${host}:${port} (${message}): set HOST to one of its own addresses, and ${variable} to a port above 1023.`;
    throw new Error(sentence, { cause: error });
  }
  await new Promise((resolve) => probe.close(resolve));
}
