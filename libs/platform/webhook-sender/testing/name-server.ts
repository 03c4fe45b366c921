import { createSocket } from 'node:dgram';
import { once } from 'node:events';

export interface NameServer {
  /** `address:port` */
  readonly address: string;
  readonly questions: string[];
  stop(): Promise<void>;
}

/** A name server on 127.0.0.1. `answer` gives an IPv4 address for A, `null` for no record, `undefined` for silence. */
export async function aNameServer(
  answer: (name: string, type: 'A' | 'AAAA') => string | null | undefined,
): Promise<NameServer> {
  const socket = createSocket('udp4');
  const questions: string[] = [];
  socket.on('message', (question, { port, address }) => {
    const { name, type, end } = read(question);
    questions.push(`${name} ${type}`);
    const found = answer(name, type);
    if (found === undefined) return;
    const head = Buffer.from(question.subarray(0, 12));
    head.writeUInt16BE(0x8180, 2);
    head.writeUInt16BE(found === null ? 0 : 1, 6);
    head.writeUInt32BE(0, 8);
    // A pointer to the name of the question, type A, class IN, 60 seconds, four bytes.
    const record = [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, ...(found ?? '').split('.').map(Number)];
    const records = found === null ? [] : record;
    socket.send(Buffer.concat([head, question.subarray(12, end), Buffer.from(records)]), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${socket.address().port}`,
    questions,
    stop: async () => {
      socket.close();
      await once(socket, 'close');
    },
  };
}

function read(question: Buffer): { name: string; type: 'A' | 'AAAA'; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = question[at] ?? 0; length > 0; length = question[at] ?? 0) {
    labels.push(question.toString('latin1', at + 1, at + 1 + length));
    at += length + 1;
  }
  return {
    name: labels.join('.').toLowerCase(),
    type: question.readUInt16BE(at + 1) === 1 ? 'A' : 'AAAA',
    end: at + 5,
  };
}
