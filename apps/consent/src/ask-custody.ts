import { connect } from 'node:net';
import { encodeFrame, frameFrom, type Frame } from '@countersign/custody-protocol';

const TIMEOUT_MS = 10_000;

/** One call at a socket of custody. @returns null where custody does not answer: then nothing is known about the outcome */
export function askCustody(path: string, header: object, body: Buffer): Promise<Frame | null> {
  const socket = connect(path).setTimeout(TIMEOUT_MS, () => socket.destroy());
  socket.write(encodeFrame(header, body));
  return frameFrom(socket);
}
