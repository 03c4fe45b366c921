import type { Pending } from './candidate';
import type { DigestedPerson } from './import-keys';
import { readLine, type ReadPerson } from './import-line';
import type { RawLine } from './raw-lines';

/** Short enough that a sign-in of one of its people waits for milliseconds. */
const LINES_PER_TRANSACTION = 200;

/** Lines in their order; no two people of a batch have the same Telegram id or external id. */
export async function* batchesOf(
  lines: AsyncIterable<RawLine>,
  digest: (person: ReadPerson) => DigestedPerson,
): AsyncGenerator<readonly Pending[]> {
  let batch: Pending[] = [];
  const known = new Set<string>();
  let line = 0;
  for await (const raw of lines) {
    line += 1;
    const read = readLine(raw);
    const ids = 'person' in read ? idsOf(read.person) : [];
    if (batch.length === LINES_PER_TRANSACTION || ids.some((id) => known.has(id))) {
      yield batch;
      batch = [];
      known.clear();
    }
    for (const id of ids) known.add(id);
    batch.push(
      'person' in read
        ? { line, person: read.person, ...digest(read.person) }
        : { line, outcome: 'invalid', ...read.refusal },
    );
  }
  if (batch.length > 0) yield batch;
}

function idsOf({ telegramId, externalId }: ReadPerson): readonly string[] {
  return [`telegram ${telegramId}`, ...(externalId === null ? [] : [`external ${externalId}`])];
}
