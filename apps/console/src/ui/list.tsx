import { useState, type ReactNode } from 'react';
import { readPage, type Row } from '../api';
import { labelOf, texts } from '../texts';
import { useLoaded } from '../use-loaded';
import { Button, Loading, Problem } from './basics';
import { Value } from './values';

const PAGE = '25';

export interface ListProps {
  readonly path: string;
  /** What a table is about, for readers of screens. */
  readonly label: string;
  readonly columns: readonly string[];
  readonly query?: Readonly<Record<string, string | null | undefined>>;
  /** Lists without pages take no limit. */
  readonly isWhole?: boolean;
  readonly round?: number;
  /** The row as its cells show it. */
  readonly shown?: (row: Row) => Row;
  readonly acts?: (row: Row, reload: () => void) => ReactNode;
}

/** One page of a list: the page before leaves the memory, so that a million rows cost no more than these. */
export function List({
  path,
  label,
  columns,
  query = {},
  isWhole = false,
  round = 0,
  shown = (row) => row,
  acts,
}: ListProps): ReactNode {
  const filters = JSON.stringify(query);
  // Cursors of the pages up to the one that is shown, for one path and its filters.
  const [trail, setTrail] = useState<{ of: string; cursors: readonly string[] }>({ of: '', cursors: [] });
  const of = `${path} ${filters}`;
  const cursors = trail.of === of ? trail.cursors : [];
  const cursor = cursors.at(-1) ?? null;
  const { value, refusal, isLoading, reload } = useLoaded(`${of} ${cursor ?? ''} ${round}`, (signal) =>
    readPage(path, { signal, query: isWhole ? query : { ...query, limit: PAGE, cursor } }),
  );
  if (refusal) return <Problem refusal={refusal} retry={reload} />;
  if (isLoading || !value) return <Loading />;
  const { items, nextCursor } = value;
  return (
    <>
      {items.length === 0 ? (
        <p className="hint">{nextCursor === null ? texts.nothing : texts.nothingYet}</p>
      ) : (
        <div className="table" tabIndex={0} role="region" aria-label={label}>
          <table role="table">
            <thead role="rowgroup">
              <tr role="row">
                {columns.map((name) => (
                  <th key={name} role="columnheader" scope="col">
                    {labelOf(name)}
                  </th>
                ))}
                {acts ? (
                  <th role="columnheader" scope="col">
                    {texts.actions}
                  </th>
                ) : null}
              </tr>
            </thead>
            <tbody role="rowgroup">
              {items.map((row, index) => (
                <tr key={index} role="row">
                  {columns.map((name) => (
                    <td key={name} role="cell" data-label={labelOf(name)}>
                      <Value name={name} value={shown(row)[name]} />
                    </td>
                  ))}
                  {acts ? (
                    <td role="cell" data-label={texts.actions}>
                      {acts(row, reload)}
                    </td>
                  ) : null}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {cursors.length === 0 && nextCursor === null ? null : (
        <nav className="pager" aria-label={`${label}: ${texts.pages}`}>
          <Button
            isDisabled={cursors.length === 0}
            onPress={() => {
              setTrail({ of, cursors: cursors.slice(0, -1) });
            }}
          >
            {texts.newer}
          </Button>
          <Button
            isDisabled={nextCursor === null}
            onPress={() => {
              if (nextCursor !== null) setTrail({ of, cursors: [...cursors, nextCursor] });
            }}
          >
            {texts.older}
          </Button>
        </nav>
      )}
    </>
  );
}
