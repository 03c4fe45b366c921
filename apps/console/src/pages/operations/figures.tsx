import type { ReactNode } from 'react';
import { call, type Row } from '../../api';
import { texts } from '../../texts';
import { useLoaded } from '../../use-loaded';
import { Button, Card, Loading, Problem } from '../../ui/basics';
import { instant } from '../../ui/values';

const { figures } = texts;
const WIDTH = 240;
const HEIGHT = 48;
/** The width of the bar of one minute. */
const BAR = WIDTH / 60;

/** Charts of the last hour of the replica that answers. */
export function Figures(): ReactNode {
  const path = '/v1/admin/figures';
  const { value, refusal, reload } = useLoaded(path, (signal) => call('GET', path, { signal }));
  if (refusal) return <Problem refusal={refusal} retry={reload} />;
  if (!value) return <Loading />;
  const { from, points, refusals } = value.body as {
    readonly from: string;
    readonly points: readonly Row[];
    readonly refusals: readonly { readonly code: string; readonly count: number }[];
  };
  const of = (name: string): readonly (number | null)[] =>
    points.map((point) => (typeof point[name] === 'number' ? point[name] : null));
  const most = Math.max(1, ...refusals.map(({ count }) => count));
  return (
    <Card title={figures.title} acts={<Button onPress={reload}>{figures.reload}</Button>}>
      <p className="hint">
        {figures.note} {instant(from)}.
      </p>
      <div className="pictures">
        <Bars label={figures.signIns} values={of('signIns')} isSum />
        <Bars label={figures.refusals} values={of('refusals')} isSum />
        <Bars label={figures.endedSessions} values={of('endedSessions')} isSum />
        <Bars label={figures.webhookLag} values={of('webhookLagSeconds')} unit={figures.seconds} />
      </div>
      <h3>{figures.byCode}</h3>
      {refusals.length === 0 ? <p className="hint">{texts.nothing}</p> : null}
      <dl className="facts">
        {refusals.map(({ code, count }) => (
          <div key={code}>
            <dt>
              <code>{code}</code>
            </dt>
            <dd>
              {count}
              <svg className="picture" viewBox={`0 0 ${WIDTH} 6`} aria-hidden="true">
                <rect width={(WIDTH * count) / most} height="6" />
              </svg>
            </dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

interface BarsProps {
  readonly label: string;
  /** Oldest first; null if unknown. */
  readonly values: readonly (number | null)[];
  readonly isSum?: boolean;
  readonly unit?: string;
}

function Bars({ label, values, isSum = false, unit = '' }: BarsProps): ReactNode {
  const known = values.filter((value) => value !== null);
  const most = Math.max(1, ...known);
  const shown = isSum ? known.reduce((sum, value) => sum + value, 0) : values.at(-1);
  const figure =
    shown === null || shown === undefined ? figures.unknown : `${shown.toLocaleString('en')} ${unit}`;
  return (
    <figure>
      <figcaption>
        {label}: <strong>{figure}</strong>
      </figcaption>
      <svg
        className="picture"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={`${label}: ${figure}. ${figures.most} ${known.length === 0 ? figures.unknown : Math.max(...known)} ${unit}`}
      >
        {values.map((value, index) =>
          value === null ? null : (
            <rect
              key={index}
              x={WIDTH - (values.length - index) * BAR}
              y={HEIGHT - (HEIGHT * value) / most}
              width={BAR * 0.75}
              height={(HEIGHT * value) / most}
            />
          ),
        )}
        <line x1="0" x2={WIDTH} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} />
      </svg>
    </figure>
  );
}
