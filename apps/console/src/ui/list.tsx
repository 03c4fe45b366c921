import { useState, type ReactNode } from 'react';
import { readPage, type Row } from '../api';
import { hrefOf } from '../router';
import { useSession } from '../session';
import { labelOf, texts } from '../texts';
import { useLoaded } from '../use-loaded';
import { Act, type ActOf } from './act';
import { Button, Loading, Problem } from './basics';
import { Input } from './input';
import { operation, parametersOf, pathOf, type Values } from './operations';
import { Value } from './values';

const PAGE = '25';

/** What a section of a page works with. */
export interface Of {
  /** The IDs in the address, by the names that paths of the API have. */
  readonly params: Values;
  /** What the page is about; empty without one. */
  readonly subject: Row;
  /** Of the whole page. */
  readonly round: number;
  /** After an act. */
  readonly reload: (op: string) => void;
}

/** A list, with what can be done on the whole and on its rows. */
export interface ListOf {
  readonly list: string;
  readonly columns: readonly string[];
  /** Parameters that people choose. */
  readonly filters?: readonly string[];
  /** Parameters with values of the address, or of what the page is about. */
  readonly query?: readonly string[];
  /** Those whose path names something that the page does not are buttons of a row. */
  readonly acts?: readonly ActOf[];
  /** The page of a row. */
  readonly link?: (row: Row) => readonly string[];
  readonly hint?: string;
  readonly when?: (subject: Row) => boolean;
}

/** The buttons for those acts that are there for a row, or for what the page is about. */
export function Acts({
  acts,
  row,
  of,
  children,
}: {
  readonly acts: readonly ActOf[];
  readonly row: Row | null;
  readonly of: Of;
  readonly children?: ReactNode;
}): ReactNode {
  const session = useSession();
  const { params, subject, reload } = of;
  return (
    <div className="row">
      {acts
        .filter(({ when }) => when?.(row ?? subject, session, subject) ?? true)
        .map((act) => {
          const changed = row ?? (operation(act.op).method === 'PATCH' ? subject : undefined);
          return (
            <Act
              key={act.as ?? act.op}
              act={act}
              of={params}
              {...(changed ? { row: changed } : {})}
              onDone={() => {
                reload(act.op);
              }}
            />
          );
        })}
      {children}
    </div>
  );
}

/** Whether the act is on one of the rows of a list, and not on the list. */
export function isOfRow({ op }: ActOf, params: Values): boolean {
  return parametersOf(operation(op)).some((name) => params[name] === undefined);
}

/** The list, without a frame. */
export function List({ list, of, query }: { list: ListOf; of: Of; query: Values }): ReactNode {
  const { columns, acts = [], link } = list;
  const { params, subject, round } = of;
  const api = operation(list.list);
  const path = pathOf(api, params);
  const fixed = (list.query ?? []).map((name): [string, string] => [
    name,
    params[name] ?? String(subject[name]),
  ]);
  const filters: Values = { ...query, ...Object.fromEntries(fixed) };
  const ofRow = acts.filter((act) => isOfRow(act, params));
  const hasCell = ofRow.length > 0 || link !== undefined;
  // Cursors of the pages up to the one that is shown, for one path and its filters.
  const [trail, setTrail] = useState<{ of: string; cursors: readonly string[] }>({ of: '', cursors: [] });
  const key = `${path} ${JSON.stringify(filters)}`;
  const cursors = trail.of === key ? trail.cursors : [];
  const cursor = cursors.at(-1) ?? null;
  // The page before leaves the memory, so that a million rows cost no more than these.
  const { value, refusal, reload } = useLoaded(
    `${key} ${cursor ?? ''}`,
    (signal) =>
      readPage(path, { signal, query: api.isPaged ? { ...filters, limit: PAGE, cursor } : filters }),
    round,
  );
  if (refusal) return <Problem refusal={refusal} retry={reload} />;
  if (!value) return <Loading />;
  const { items, nextCursor } = value;
  return (
    <>
      {items.length === 0 ? (
        <p className="hint">{nextCursor === null ? texts.nothing : texts.nothingYet}</p>
      ) : (
        <div className="table" tabIndex={0} role="region" aria-label={api.label}>
          <table>
            <thead>
              <tr>
                {[...columns.map(labelOf), ...(hasCell ? [texts.actions] : [])].map((label) => (
                  <th key={label} scope="col">
                    {label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {items.map((row, index) => (
                <tr key={index}>
                  {columns.map((name) => (
                    <td key={name}>
                      <Value name={name} value={row[name]} />
                    </td>
                  ))}
                  {hasCell ? (
                    <td>
                      <Acts acts={ofRow} row={row} of={of}>
                        {link ? <a href={hrefOf(...link(row))}>{texts.show}</a> : null}
                      </Acts>
                    </td>
                  ) : null}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {cursors.length === 0 && nextCursor === null ? null : (
        <nav className="pager" aria-label={`${api.label}: ${texts.pages}`}>
          <Button
            isDisabled={cursors.length === 0}
            onPress={() => {
              setTrail({ of: key, cursors: cursors.slice(0, -1) });
            }}
          >
            {texts.newer}
          </Button>
          <Button
            isDisabled={nextCursor === null}
            onPress={() => {
              if (nextCursor !== null) setTrail({ of: key, cursors: [...cursors, nextCursor] });
            }}
          >
            {texts.older}
          </Button>
        </nav>
      )}
    </>
  );
}

/** The filters of a list, applied by a button: each call is recorded. */
export function Filters({ list, onChange }: { list: ListOf; onChange: (query: Values) => void }): ReactNode {
  const [values, setValues] = useState<Values>({});
  const fields = operation(list.list).filters.filter(({ name }) => list.filters?.includes(name));
  if (fields.length === 0) return null;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onChange(values);
      }}
    >
      <div className="grid">
        {fields.map((field) => (
          <Input
            key={field.name}
            field={field}
            absent={texts.any}
            value={values[field.name] ?? ''}
            onChange={(typed) => {
              setValues({ ...values, [field.name]: typed.trim() });
            }}
          />
        ))}
      </div>
      <div className="row">
        <Button type="submit" kind="main">
          {texts.applyFilter}
        </Button>
      </div>
    </form>
  );
}
