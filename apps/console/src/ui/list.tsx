import { useState, type ReactNode } from 'react';
import { readPage, type Row } from '../api';
import { hrefOf } from '../router';
import { useMay, useSession } from '../session';
import { labelOf, texts } from '../texts';
import { useLoaded } from '../use-loaded';
import { Act, type ActOf } from './act';
import { Button, Loading, Problem } from './basics';
import { Input } from './input';
import { operation, parametersOf, pathOf, type Values } from './operations';
import { factOf, Value } from './values';

const PAGE = '25';

export interface Of {
  /** The ids in the address, by their names in paths of the API. */
  readonly params: Values;
  readonly subject: Row;
  readonly about: string;
  /** The title of the page, if it is that of a list. */
  readonly page: string;
  readonly round: number;
  readonly reload: (op: string) => void;
}

export interface ListOf {
  readonly list: string;
  /** The key of its words in `texts`; by default the operation. */
  readonly as?: string;
  readonly columns: readonly string[];
  /** The values that the columns show; by default the row itself. */
  readonly shown?: (row: Row) => Row;
  readonly filters?: readonly string[];
  /** Parameters whose values come from the address or from the subject of the page. */
  readonly query?: readonly string[];
  /** An act is a button of a row if its path has a parameter that the page does not have. */
  readonly acts?: readonly ActOf[];
  readonly link?: (row: Row) => readonly string[];
  readonly hint?: string;
  readonly when?: (subject: Row) => boolean;
}

export function Acts({ acts, row, of }: { acts: readonly ActOf[]; row: Row | null; of: Of }): ReactNode {
  const session = useSession();
  const may = useMay();
  const { params, subject, reload, about } = of;
  const shown = acts.filter(
    ({ op, when }) => may(operation(op).scope) && (when?.(row ?? subject, session, subject) ?? true),
  );
  const isInMenu = ({ isMain = false }: ActOf): boolean => !isMain && shown.some((act) => act.isMain);
  const buttons = (some: readonly ActOf[]): ReactNode =>
    some.map((act) => {
      const changed = row ?? (operation(act.op).method === 'PATCH' ? subject : undefined);
      return (
        <Act
          key={act.as ?? act.op}
          act={act}
          of={params}
          about={row ? '' : about}
          {...(changed ? { row: changed } : {})}
          onDone={() => reload(act.op)}
        />
      );
    });
  const folded = shown.filter(isInMenu);
  return (
    <div className="row">
      {buttons(shown.filter((act) => !isInMenu(act)))}
      {folded.length === 0 ? null : (
        <details className="menu">
          <summary className="button">{texts.more}</summary>
          <div className="card">{buttons(folded)}</div>
        </details>
      )}
    </div>
  );
}

export function isOfRow({ op }: ActOf, params: Values): boolean {
  return parametersOf(operation(op)).some((name) => params[name] === undefined);
}

export function List({ list, of, query }: { list: ListOf; of: Of; query: Values }): ReactNode {
  const { columns, acts = [], link, shown = (row: Row) => row } = list;
  const { params, subject, round } = of;
  const api = operation(list.list);
  const path = pathOf(api, params);
  const fixed = (list.query ?? []).map((name): [string, string] => [
    name,
    params[name] ?? String(subject[name]),
  ]);
  const filters: Values = { ...query, ...Object.fromEntries(fixed) };
  const ofRow = acts.filter((act) => isOfRow(act, params));
  const [trail, setTrail] = useState<{ of: string; cursors: readonly string[] }>({ of: '', cursors: [] });
  const key = `${path} ${JSON.stringify(filters)}`;
  const cursors = trail.of === key ? trail.cursors : [];
  const cursor = cursors.at(-1) ?? null;
  // Only one page stays in memory, so a long list costs no more than a short one.
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
        <p className="hint empty">
          {nextCursor === null ? (texts.empty[list.list] ?? texts.nothing) : texts.nothingYet}
        </p>
      ) : (
        <Table
          label={api.label}
          columns={columns}
          items={items.map(shown)}
          {...(link ? { link } : {})}
          {...(ofRow.length > 0 ? { acts: (row: Row) => <Acts acts={ofRow} row={row} of={of} /> } : {})}
        />
      )}
      {cursors.length === 0 && nextCursor === null ? null : (
        <nav className="row" aria-label={`${api.label}: ${texts.pages}`}>
          <Button
            isDisabled={cursors.length === 0}
            onPress={() => setTrail({ of: key, cursors: cursors.slice(0, -1) })}
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

interface TableProps extends Pick<ListOf, 'columns' | 'link'> {
  readonly label: string;
  readonly items: readonly Row[];
  readonly acts?: (row: Row) => ReactNode;
}

export function Table({ label, columns, items, link, acts }: TableProps): ReactNode {
  return (
    <div className="table" tabIndex={0} role="region" aria-label={label}>
      <table>
        <thead>
          <tr>
            {[...columns.map(labelOf), ...(acts ? [texts.actions] : [])].map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map((row, index) => (
            <tr key={index}>
              {columns.map((name, column) => (
                <td key={name}>
                  {link && column === 0 && !name.endsWith('Id') ? (
                    <a href={hrefOf(...link(row))}>
                      <Value name={name} value={factOf(row, name)} />
                    </a>
                  ) : (
                    <Value name={name} value={factOf(row, name)} />
                  )}
                </td>
              ))}
              {acts ? <td className="acts">{acts(row)}</td> : null}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A button applies the filters, because each call is recorded. */
export function Filters({ list, onChange }: { list: ListOf; onChange: (query: Values) => void }): ReactNode {
  const [values, setValues] = useState<Values>({});
  const [isOpen, setOpen] = useState(false);
  const fields = operation(list.list).filters.filter(({ name }) => list.filters?.includes(name));
  if (fields.length === 0) return null;
  const count = Object.values(values).filter((value) => value !== '').length;
  return (
    <form
      className={isOpen ? 'filters open' : 'filters'}
      onSubmit={(event) => {
        event.preventDefault();
        onChange(values);
        setOpen(false);
      }}
    >
      {/* Narrow screens show this button and fold the fields. */}
      <Button aria-expanded={isOpen} onPress={() => setOpen(!isOpen)}>
        {count === 0 ? texts.filter : `${texts.filter} (${count})`}
      </Button>
      <div className="grid">
        {fields.map((field) => (
          <Input
            key={field.name}
            field={field}
            absent={texts.any}
            value={values[field.name] ?? ''}
            onChange={(typed) => setValues({ ...values, [field.name]: typed.trim() })}
          />
        ))}
        <div>
          <Button type="submit">{texts.applyFilter}</Button>
        </div>
      </div>
    </form>
  );
}
