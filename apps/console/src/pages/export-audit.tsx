import { useState, type ReactNode } from 'react';
import { readPage } from '../api';
import { texts } from '../texts';
import { Button, Problem } from '../ui/basics';
import { download } from '../ui/download';
import type { Values } from '../ui/operations';
import { useSubmit } from '../ui/use-submit';

const { audit } = texts;
const MAX_EXPORTED = 10_000;

/** Saves the records that match the filter, newest first, one per line. */
export function ExportAudit({ query }: { readonly query: Values }): ReactNode {
  const [count, setCount] = useState<number | null>(null);
  const { isRunning, refusal, submit } = useSubmit(async () => {
    const lines: string[] = [];
    let cursor: string | null = null;
    do {
      setCount(lines.length);
      const page = await readPage('/v1/admin/audit', { query: { ...query, limit: '200', cursor } });
      lines.push(...page.items.map((record) => `${JSON.stringify(record)}\n`));
      cursor = page.nextCursor;
    } while (cursor !== null && lines.length < MAX_EXPORTED);
    setCount(lines.length);
    download('audit.ndjson', 'application/x-ndjson', lines);
  });
  return (
    <form onSubmit={submit} className="row">
      <span role="status" className="hint">
        {count === null ? audit.exportHint : `${count.toLocaleString('en')} ${audit.exported}`}
      </span>
      <Button type="submit" isBusy={isRunning}>
        {audit.export}
      </Button>
      {refusal ? <Problem refusal={refusal} /> : null}
    </form>
  );
}
