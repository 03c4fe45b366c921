import { useState, type ReactNode } from 'react';
import { readPage } from '../api';
import { useMay } from '../session';
import { labelOf, texts } from '../texts';
import { Button, Card, Field, Problem } from '../ui/basics';
import { download } from '../ui/download';
import { List } from '../ui/list';
import { useSubmit } from '../ui/use-submit';

const { audit } = texts;
const filters = ['action', 'actor', 'subject', 'userId', 'applicationId', 'from', 'before'] as const;
const MAX_EXPORTED = 10_000;

export function Audit(): ReactNode {
  const may = useMay();
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const [query, setQuery] = useState<Readonly<Record<string, string>>>({});
  if (!may('audit:read')) return <p>{texts.notFound}</p>;
  return (
    <>
      <h1>{audit.title}</h1>
      <Card title={audit.filter}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            setQuery(values);
          }}
        >
          <div className="grid">
            {filters.map((name) => (
              <Field
                key={name}
                label={labelOf(name)}
                hint={name === 'from' || name === 'before' ? texts.webhooks.instantHint : undefined}
                value={values[name] ?? ''}
                onChange={(value) => {
                  setValues((before) => ({ ...before, [name]: value.trim() }));
                }}
              />
            ))}
          </div>
          <div className="row">
            <Button type="submit" kind="main">
              {audit.submit}
            </Button>
          </div>
        </form>
        <p className="hint">{audit.note}</p>
      </Card>
      <Card title={audit.records} acts={<Export query={query} />}>
        <List
          path="/v1/admin/audit"
          label={audit.records}
          query={query}
          columns={['occurredAt', 'action', 'actor', 'subject', 'applicationId', 'details', 'requestId']}
        />
      </Card>
      <Card title={audit.verification}>
        <p className="hint">{audit.seal}</p>
        <List
          path="/v1/admin/audit/blocks"
          label={audit.verification}
          columns={['number', 'count', 'late', 'signedAt', 'keyId', 'hash']}
        />
      </Card>
    </>
  );
}

/** Saves the records that match the filter, newest first, one per line. */
function Export({ query }: { readonly query: Readonly<Record<string, string>> }): ReactNode {
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
