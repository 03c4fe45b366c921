import { Client, DatabaseError } from 'pg';
import { NoAnswer, within } from '@countersign/runtime';
import { streamOf } from './pg-internals';

const PROBE_MS = 1_000;

/** `connected` is logged in and waits for the response to its query. At `gone` there is no server. */
export type Reply = 'answered' | 'refused' | 'gone' | 'connected' | 'silent';

/** A refusal is an answer too: callers notice it by themselves. */
export function isAnswer(reply: Reply): boolean {
  return reply === 'answered' || reply === 'refused' || reply === 'gone';
}

/** Probes the server for at most a second, times `patience`. Never throws. */
export async function ask(url: string, patience = 1): Promise<Reply> {
  const client = new Client({ connectionString: url, application_name: 'countersign-probe' });
  client.on('error', () => undefined);
  let reached: Reply = 'silent';
  const question = async (): Promise<void> => {
    await client.connect();
    reached = 'connected';
    await client.query('SELECT 1');
  };
  try {
    await within(PROBE_MS * patience, question());
    return 'answered';
  } catch (error) {
    if (error instanceof NoAnswer) return reached;
    return error instanceof DatabaseError && !isUnderWay(error) ? 'refused' : 'gone';
  } finally {
    streamOf(client).destroy();
  }
}

/** 57P01 to 57P03: the server is shutting down or starting up. */
function isUnderWay({ code }: DatabaseError): boolean {
  return /^57P0[123]$/.test(code ?? '');
}
