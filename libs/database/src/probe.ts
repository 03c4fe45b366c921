import { Client } from 'pg';
import { NoAnswer, within } from './within';

const PROBE_MS = 1_000;

/** How far a connection of its own has come: `connected` is logged in, and still waits for the answer to its question. */
export type Reply = 'answered' | 'refused' | 'connected' | 'silent';

/** A refusal is an answer too: what is refused needs nobody to notice it. */
export function isAnswer(reply: Reply): boolean {
  return reply === 'answered' || reply === 'refused';
}

/** Asks the server at `url` whether it is there; takes a second at most, and never throws. */
export async function ask(url: string): Promise<Reply> {
  const client = new Client({ connectionString: url, application_name: 'countersign-probe' });
  client.on('error', () => undefined);
  let reached: Reply = 'silent';
  const question = async (): Promise<void> => {
    await client.connect();
    reached = 'connected';
    await client.query('SELECT 1');
  };
  try {
    await within(PROBE_MS, question());
    return 'answered';
  } catch (error) {
    return error instanceof NoAnswer ? reached : 'refused';
  } finally {
    client.connection.stream.destroy();
  }
}
