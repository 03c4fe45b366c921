import { useEffect, useRef, useState, type ReactNode } from 'react';
import { call, readPage, type Row } from '../api';
import { labelOf, texts, wordOf } from '../texts';
import { Button, Card, Loading, Problem } from '../ui/basics';
import { Table } from '../ui/list';
import { dayOf } from '../ui/times';
import { useLoaded } from '../use-loaded';

const { home } = texts;
const COUNTERS = '/v1/admin/counters';
const DAY_MS = 86_400_000;
const DAYS = 30;
const REFUSED = 'call.refused';

const plots = [
  ['signIns', ['session.opened', 'user.created']],
  ['newPeople', ['user.created']],
  ['activeSessions', ['session.active']],
  ['refusals', [REFUSED]],
] as const;

export function Plots(): ReactNode {
  const [day, setDay] = useState<string | null>(null);
  const { value, refusal, reload } = useLoaded(COUNTERS, (signal) => readPage(COUNTERS, { signal }));
  if (refusal) return <Problem refusal={refusal} retry={reload} />;
  if (!value) return <Loading />;
  const today = new Date().toISOString().slice(0, 10);
  const days = Array.from({ length: DAYS }, (_, index) =>
    new Date(Date.parse(today) - (DAYS - 1 - index) * DAY_MS).toISOString().slice(0, 10),
  );
  const countOf = (names: readonly string[], on: string): number =>
    value.items
      .filter((row) => row['day'] === on && names.includes(String(row['name'])))
      .reduce((sum, row) => sum + Number(row['count']), 0);
  return (
    <>
      <div className="plots">
        {plots.map(([plot, names]) => (
          <Plot
            key={plot}
            title={home.plots[plot]}
            bars={days.map((on) => [on, countOf(names, on)])}
            isOfToday={plot === 'activeSessions'}
            {...(plot === 'refusals' ? { chosen: day, onChoose: setDay } : {})}
          />
        ))}
      </div>
      {day === null ? null : <Refusals key={day} day={day} />}
    </>
  );
}

interface PlotProps {
  readonly title: string;
  readonly bars: readonly (readonly [day: string, count: number])[];
  /** Whether the headline is the number of today. A session may be in use on several days, so a sum would be wrong. */
  readonly isOfToday: boolean;
  readonly chosen?: string | null;
  readonly onChoose?: (day: string | null) => void;
}

function Plot({ title, bars, isOfToday, chosen = null, onChoose }: PlotProps): ReactNode {
  const counts = bars.map(([, count]) => count);
  const most = Math.max(1, ...counts);
  const today = (counts.at(-1) ?? 0).toLocaleString();
  const sum = counts.reduce((before, count) => before + count, 0).toLocaleString();
  return (
    <section className="card plot" aria-label={title}>
      <h2>{title}</h2>
      <p>
        <strong>{isOfToday ? today : sum}</strong>{' '}
        <span className="hint">
          {isOfToday ? home.today : `${home.lastDays}, ${today} ${home.today}`}, {home.most}{' '}
          {Math.max(...counts).toLocaleString()}
        </span>
      </p>
      <ol className="bars">
        {bars.map(([day, count]) => {
          const said = `${dayOf(day)}: ${count.toLocaleString()}`;
          const bar = (
            <span className={count === 0 ? 'zero' : ''} style={{ height: `${(count / most) * 100}%` }} />
          );
          return (
            <li key={day} title={said}>
              {onChoose && count > 0 ? (
                <Button
                  kind="day"
                  aria-label={`${title}, ${said}`}
                  aria-pressed={day === chosen}
                  onPress={() => onChoose(day === chosen ? null : day)}
                >
                  {bar}
                </Button>
              ) : (
                <>
                  {bar}
                  <span className="unseen">{said}</span>
                </>
              )}
            </li>
          );
        })}
      </ol>
      <p className="hint ends">
        <span>{dayOf(bars[0]?.[0] ?? '', { day: 'numeric', month: 'short' })}</span>
        {onChoose ? <span>{home.choose}</span> : null}
        <span>{home.today}</span>
      </p>
    </section>
  );
}

function Refusals({ day }: { readonly day: string }): ReactNode {
  const { value, refusal, reload } = useLoaded(`${COUNTERS} ${day}`, (signal) =>
    readPage(COUNTERS, { signal, query: { day } }),
  );
  const answer = useRef<HTMLDivElement>(null);
  const isThere = value !== null || refusal !== null;
  // The panel opens below the plots, often below the edge of the screen.
  useEffect(() => {
    if (!isThere) return;
    answer.current?.focus({ preventScroll: true });
    answer.current?.scrollIntoView({ block: 'nearest' });
  }, [isThere]);
  return (
    <div ref={answer} tabIndex={-1} role="region" aria-label={`${home.plots.refusals}, ${dayOf(day)}`}>
      <Card title={`${home.plots.refusals}, ${dayOf(day)}`}>
        {refusal ? (
          <Problem refusal={refusal} retry={reload} />
        ) : value ? (
          <>
            <Table
              label={home.plots.refusals}
              columns={['code', 'applicationId', 'count']}
              items={value.items.filter(({ name }) => name === REFUSED)}
            />
            <p className="hint">{home.lookUp}</p>
          </>
        ) : (
          <Loading />
        )}
      </Card>
    </div>
  );
}

const lights = ['red', 'amber', 'green'] as const;
const READY = '/health/ready';

export function Health(): ReactNode {
  const { value, refusal, reload } = useLoaded(READY, (signal) =>
    call('GET', READY, { signal, informing: 503 }),
  );
  const checks = (value?.body['checks'] ?? []) as readonly Row[];
  const lightOf = ({ ok, detail }: Row): (typeof lights)[number] =>
    ok !== true ? 'red' : detail === 'ok' ? 'green' : 'amber';
  return (
    <Card title={home.health} acts={<Button onPress={reload}>{home.checkAgain}</Button>}>
      {refusal ? <Problem refusal={refusal} retry={reload} /> : value ? null : <Loading />}
      <ul className="lights">
        {lights.flatMap((light) =>
          checks
            .filter((check) => lightOf(check) === light)
            .map(({ name, detail }) => (
              <li key={String(name)} className={light}>
                <span className="unseen">{home.lights[light]}: </span>
                <span>{labelOf(wordOf('check', String(name)))}</span>
                {light === 'green' ? null : <span className="hint">{String(detail)}</span>}
              </li>
            )),
        )}
      </ul>
      {checks.some((check) => lightOf(check) === 'red') ? <p className="hint">{home.notAsked}</p> : null}
    </Card>
  );
}
