import { useState, type ReactNode } from 'react';
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components';
import { call, type Row, type Session } from '../api';
import { go, hrefOf } from '../router';
import { useMay, useSession } from '../session';
import { labelOf, texts } from '../texts';
import { useLoaded, useRound } from '../use-loaded';
import type { ActOf } from './act';
import { Card, Loading, plain, Problem } from './basics';
import { Acts, Filters, isOfRow, List, type ListOf, type Of } from './list';
import { operation, parametersOf, pathOf, type Values } from './operations';
import { factOf, Facts, factsOf, Id, isEmpty, Value } from './values';

/** A page with more sections shows them as tabs. */
const MAX_CARDS = 4;

const LEAD = ['status', 'createdAt'] as const;

interface ReadOf {
  readonly read: string;
  readonly acts?: readonly ActOf[];
  readonly when?: (subject: Row) => boolean;
}

interface OwnOf {
  readonly title: string;
  readonly scope: string | null;
  readonly body: (of: Of) => ReactNode;
}

export type SectionOf = ListOf | ReadOf | OwnOf;

export interface Page {
  readonly path: string;
  readonly title: string;
  /** The navigation shows the page to callers with one of these scopes. Null: to all. Undefined: to none. */
  readonly scopes: readonly string[] | null | undefined;
  readonly render: (rest: readonly string[]) => ReactNode;
}

export function page(
  path: string,
  title: string,
  sections: readonly SectionOf[],
  scopes: Page['scopes'] = sections.map(scopeOf).filter((scope) => scope !== null),
): Page {
  return {
    path,
    title,
    scopes: scopes?.length === 0 ? null : scopes,
    render: () => <SectionsPage title={title} sections={sections} />,
  };
}

interface SubPage {
  readonly at: string;
  readonly title: string;
  readonly sections: readonly SectionOf[];
}

interface ResourceOf extends Partial<Pick<ListOf, 'list' | 'columns' | 'filters'>> {
  readonly path: string;
  readonly beside?: readonly SectionOf[];
  readonly read: string;
  /** Acts on the whole list are on the list page. Acts on one thing are on its page. */
  readonly acts?: readonly ActOf[];
  readonly creates?: readonly ActOf[];
  readonly without?: readonly string[];
  /** The name of one thing for people; by default its `name`. */
  readonly called?: (subject: Row) => string;
  readonly lead?: readonly string[];
  readonly sections?: readonly SectionOf[];
  readonly sub?: SubPage;
  readonly fixedHint?: (subject: Row, session: Session) => string | null;
}

export function resource(of: ResourceOf): Page {
  const { path, list, read, columns = [], filters = [], acts = [], beside = [] } = of;
  const one = operation(read);
  const [id = ''] = parametersOf(one);
  const ofWhole: readonly SectionOf[] =
    list === undefined
      ? []
      : [
          ...beside,
          {
            list,
            columns,
            filters,
            acts: acts.filter((act) => !isOfRow(act, {})),
            link: (row: Row) => [path, String(row[id])],
          },
        ];
  const title = operation(list ?? read).label;
  return {
    path,
    title,
    scopes: list === undefined ? undefined : [one.scope ?? ''],
    render: ([value, ...rest]) =>
      value === undefined ? (
        <SectionsPage title={title} sections={ofWhole} />
      ) : (
        <OnePage key={value} of={of} title={title} params={{ [id]: value }} rest={rest} />
      ),
  };
}

function SectionsPage({
  title,
  sections,
}: Pick<Page, 'title'> & { sections: readonly SectionOf[] }): ReactNode {
  const [round, reload] = useRound();
  const may = useMay();
  const of: Of = { params: {}, subject: {}, about: '', page: title, round, reload };
  const own = sections.find((section): section is ListOf => 'list' in section && titleOf(section) === title);
  return (
    <>
      <div className="card-head">
        <h1>{title}</h1>
        {own && may(scopeOf(own)) ? <ActsOfList list={own} of={of} /> : null}
      </div>
      {sections.some((section) => may(scopeOf(section))) ? null : <p>{texts.notFound}</p>}
      <Sections sections={sections} of={of} />
    </>
  );
}

interface OnePageProps {
  readonly of: ResourceOf;
  readonly title: string;
  readonly params: Values;
  readonly rest: readonly string[];
}

function OnePage({ of, title, params, rest: [more] }: OnePageProps): ReactNode {
  const session = useSession();
  const { read, path: list, acts = [], creates = [], without = [], lead = [], sections = [] } = of;
  const api = operation(read);
  const path = pathOf(api, params);
  const [round, reload] = useRound();
  const { value, refusal } = useLoaded(path, (signal) => call('GET', path, { signal }), round);
  if (refusal) return <Problem refusal={refusal} retry={reload} />;
  if (!value) return <Loading />;
  const { body: subject } = value;
  const own = ['name', 'username'].map((field) => subject[field]).find((each) => typeof each === 'string');
  const name = plain(of.called?.(subject) ?? own ?? api.label);
  const context: Of = { params, subject, about: name, page: '', round, reload };
  const sub = more === of.sub?.at ? of.sub : undefined;
  const up = sub ? [list, ...Object.values(params)] : of.list === undefined ? [] : [list];
  const fixed = of.fixedHint?.(subject, session) ?? null;
  const leaveOrReload = (op: string): void => {
    const act = operation(op);
    if (act.method === 'DELETE' && act.path === api.path && of.list !== undefined) go(list);
    else reload();
  };
  const ofOne = [...acts.filter((act) => isOfRow(act, {})), ...creates];
  const facts = factsOf(subject, [
    ...[...without, ...lead, ...LEAD, ...Object.keys(params)],
    ...['name', 'username', 'updatedAt'],
  ]);
  return (
    <>
      <p className="hint">
        <a href={hrefOf(...up)}>
          {sub ? <bdi>{name}</bdi> : of.list === undefined ? texts.home.title : title}
        </a>
      </p>
      <div className="card-head">
        <h1>{sub?.title ?? <bdi>{name}</bdi>}</h1>
        {sub ? null : fixed === null ? (
          <Acts acts={ofOne} row={null} of={{ ...context, reload: leaveOrReload }} />
        ) : (
          <p className="hint">{fixed}</p>
        )}
      </div>
      {sub ? (
        <Sections sections={sub.sections} of={context} />
      ) : (
        <>
          <p className="lead">
            {Object.entries(params).map(([field, id]) => (
              <Id key={field} name={field} id={id} isWhole />
            ))}
            {[...LEAD, ...lead]
              .filter((field) => !isEmpty(subject[field]))
              .map((field) => (
                <span key={field}>
                  {labelOf(field)}: <Value name={field} value={factOf(subject, field)} />
                </span>
              ))}
          </p>
          {isEmpty(facts) ? null : (
            <Card title={texts.details}>
              <Facts of={facts} />
            </Card>
          )}
          <Sections sections={sections} of={context} />
        </>
      )}
    </>
  );
}

function Sections({ sections, of }: { sections: readonly SectionOf[]; of: Of }): ReactNode {
  const may = useMay();
  const shown = sections.filter(
    (section) => may(scopeOf(section)) && (!('when' in section) || section.when(of.subject)),
  );
  if (sections.length > MAX_CARDS && shown.length > 0)
    return (
      <Tabs className="tabs">
        <TabList aria-label={texts.sections}>
          {shown.map((section) => (
            <Tab key={titleOf(section)} id={titleOf(section)}>
              {titleOf(section)}
            </Tab>
          ))}
        </TabList>
        {shown.map((section) => (
          <TabPanel key={titleOf(section)} id={titleOf(section)} className="card">
            {'list' in section ? (
              <List list={section} of={of} query={{}} />
            ) : (
              <Section section={section} of={of} />
            )}
          </TabPanel>
        ))}
      </Tabs>
    );
  return shown.map((section) => <Section key={titleOf(section)} section={section} of={of} />);
}

function Section({ section, of }: { readonly section: SectionOf; readonly of: Of }): ReactNode {
  if ('list' in section) return <ListCard list={section} of={of} />;
  return 'read' in section ? <ReadCard section={section} of={of} /> : section.body(of);
}

function ListCard({ list, of }: { readonly list: ListOf; readonly of: Of }): ReactNode {
  const [query, setQuery] = useState<Values>({});
  const title = titleOf(list);
  return (
    <Card {...(title === of.page ? {} : { title, acts: <ActsOfList list={list} of={of} /> })}>
      <Filters list={list} onChange={setQuery} />
      {list.hint === undefined ? null : <p className="hint">{list.hint}</p>}
      <List list={list} of={of} query={query} />
    </Card>
  );
}

function ActsOfList({ list, of }: { readonly list: ListOf; readonly of: Of }): ReactNode {
  const acts = (list.acts ?? []).filter((act) => !isOfRow(act, of.params));
  return acts.length === 0 ? null : <Acts acts={acts} row={null} of={of} />;
}

function ReadCard({ section, of }: { readonly section: ReadOf; readonly of: Of }): ReactNode {
  const { read, acts = [] } = section;
  const path = pathOf(operation(read), of.params);
  const { value, refusal, reload } = useLoaded(path, (signal) => call('GET', path, { signal }), of.round);
  return (
    <Card
      title={titleOf(section)}
      acts={value ? <Acts acts={acts} row={null} of={{ ...of, subject: value.body }} /> : null}
    >
      {refusal ? (
        <Problem refusal={refusal} retry={reload} />
      ) : value ? (
        <Facts of={value.body} />
      ) : (
        <Loading />
      )}
    </Card>
  );
}

function scopeOf(section: SectionOf): string | null {
  if ('title' in section) return section.scope;
  return operation('list' in section ? section.list : section.read).scope;
}

function titleOf(section: SectionOf): string {
  if ('title' in section) return section.title;
  return 'list' in section ? operation(section.list, section.as).label : operation(section.read).label;
}
