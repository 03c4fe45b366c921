import { connect } from 'node:net';
import { encodeFrame, FrameReader, type Frame } from '@countersign/custody-protocol';

const TIMEOUT_MS = 10_000;

/** One call at a socket of custody. @returns null where custody does not answer: then nothing is known about the outcome */
export function askCustody(path: string, header: object, body: Buffer): Promise<Frame | null> {
  return new Promise((resolve) => {
    const reader = new FrameReader();
    const socket = connect(path);
    const giveUp = (): void => {
      socket.destroy();
      resolve(null);
    };
    socket.setTimeout(TIMEOUT_MS, giveUp).on('error', giveUp).on('close', giveUp);
    socket.on('data', (chunk) => {
      try {
        const frame = reader.push(chunk);
        if (!frame) return;
        resolve(frame);
        socket.destroy();
      } catch {
        giveUp();
      }
    });
    socket.write(encodeFrame(header, body));
  });
}
