import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { ask, isAnswer } from './probe';

// https://www.postgresql.org/docs/current/protocol-message-formats.html
const WELCOME = Buffer.from('R\0\0\0\u0008\0\0\0\0Z\0\0\0\u0005I', 'latin1');
const COMPLETE = Buffer.from('C\0\0\0\u000dSELECT 1\0Z\0\0\0\u0005I', 'latin1');

const REFUSAL = Buffer.from('E\0\0\0\u0017SFATAL\0C08P01\0Mno\0\0', 'latin1');

const STARTING = Buffer.from('E\0\0\0\u0017SFATAL\0C57P03\0Mno\0\0', 'latin1');

/** A server that answers the first messages of a connection with these, and nothing after them. */
async function aServer(...answers: readonly Buffer[]): Promise<{ url: string; close: () => void }> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    const left = [...answers];
    sockets.add(socket.on('error', () => undefined));
    socket.on('data', () => {
      const answer = left.shift();
      if (answer) socket.write(answer);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = (): void => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return { url: `postgresql://someone@127.0.0.1:${(server.address() as AddressInfo).port}/any`, close };
}

describe('asking a server whether it is there', () => {
  it.each([
    ['answered', true, [WELCOME, COMPLETE]],
    ['connected', false, [WELCOME]],
    ['silent', false, []],
    ['refused', true, [REFUSAL]],
    ['gone', true, [STARTING]],
  ] as const)('says "%s", which is an answer: %s', async (reply, isOne, answers) => {
    const server = await aServer(...answers);
    try {
      expect(await ask(server.url)).toBe(reply);
      expect(isAnswer(reply)).toBe(isOne);
    } finally {
      server.close();
    }
  });

  it('says "gone" where nobody takes the connection, which is an answer too', async () => {
    const server = await aServer();
    server.close();

    expect(await ask(server.url)).toBe('gone');
    expect(isAnswer('gone')).toBe(true);
  });
});
