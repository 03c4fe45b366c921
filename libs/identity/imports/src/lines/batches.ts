import { readLine, type ReadPerson } from './import-line';
import type { LineResult } from './line-result';
import type { RawLine } from './raw-lines';

/** A line with a person. */
export interface Candidate {
  readonly line: number;
  readonly person: ReadPerson;
}

/** A line that has a result, or is still to have one. */
export type Pending = LineResult | Candidate;

/** Short enough that a sign-in of one of its people waits for milliseconds. */
const LINES_PER_TRANSACTION = 200;

/** Lines in their order; no two people of a batch have the same Telegram id. */
export async function* batchesOf(lines: AsyncIterable<RawLine>): AsyncGenerator<readonly Pending[]> {
  let batch: Pending[] = [];
  const known = new Set<string>();
  let line = 0;
  for await (const raw of lines) {
    line += 1;
    const read = readLine(raw);
    const id = 'person' in read ? read.person.telegramId : null;
    if (batch.length === LINES_PER_TRANSACTION || (id !== null && known.has(id))) {
      yield batch;
      batch = [];
      known.clear();
    }
    if (id !== null) known.add(id);
    batch.push(
      'person' in read ? { line, person: read.person } : { line, outcome: 'invalid', ...read.refusal },
    );
  }
  if (batch.length > 0) yield batch;
}
