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
  try {
    await listenOnce(host, port);
  } catch (error) {
    throw new Error(sentence(error as NodeJS.ErrnoException, host, port, variable, command), {
      cause: error,
    });
  }
}

function listenOnce(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(port, host, () => probe.close(() => resolve()));
  });
}

function sentence(
  error: NodeJS.ErrnoException,
  host: string,
  port: number,
  variable: string,
  command: string,
): string {
  switch (error.code) {
    case 'EADDRINUSE':
      return `Port ${port} is taken by another program: stop that one, or choose another port with ${variable}=${port + 10} ${command}.`;
    case 'EACCES':
      return `Port ${port} is reserved for root: choose one above 1023 with ${variable}=${port + 8000} ${command}.`;
    default:
      return `This machine cannot listen on ${host} (${error.message}): set HOST to one of its own addresses, or unset it.`;
  }
}
