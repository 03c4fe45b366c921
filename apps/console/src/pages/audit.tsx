import { useState, type ReactNode } from 'react';
import { useMay } from '../session';
import { labelOf, texts } from '../texts';
import { Button, Card, Field } from '../ui/basics';
import { List } from '../ui/list';

const { audit } = texts;
const filters = ['action', 'actor', 'subject', 'userId', 'applicationId', 'from', 'before'] as const;

export function Audit(): ReactNode {
  const may = useMay();
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const [query, setQuery] = useState<Readonly<Record<string, string>>>({});
  if (!may('audit:read')) return <p>{texts.notFound}</p>;
  return (
    <>
      <h1>{audit.title}</h1>
      <Card title={audit.submit}>
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
      <Card title={audit.title}>
        <List
          path="/v1/admin/audit"
          label={audit.title}
          query={query}
          columns={['occurredAt', 'action', 'actor', 'subject', 'applicationId', 'details', 'requestId']}
        />
      </Card>
      <Card title={audit.verification}>
        <p className="hint">{audit.seal}</p>
        <List
          path="/v1/admin/audit/blocks"
          label={audit.verification}
          columns={['number', 'day', 'count', 'sealedAt', 'keyId', 'hash']}
        />
      </Card>
    </>
  );
}
