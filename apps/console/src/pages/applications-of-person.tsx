import type { ReactNode } from 'react';
import { inPath, readPage } from '../api';
import { labelOf, texts } from '../texts';
import { useLoaded } from '../use-loaded';
import { Loading, Problem } from '../ui/basics';
import type { Of } from '../ui/list';
import { Value } from '../ui/values';

/** The most recent sessions whose applications are counted. */
const MAX_SESSIONS = '200';

export function ApplicationsOf({ params }: Of): ReactNode {
  const path = `/v1/admin/users/${inPath(params['userId'])}/sessions`;
  const { value, refusal, reload } = useLoaded(path, (signal) =>
    readPage(path, { signal, query: { limit: MAX_SESSIONS } }),
  );
  if (refusal) return <Problem refusal={refusal} retry={reload} />;
  if (!value) return <Loading />;
  const counts = new Map<unknown, number>();
  for (const { applicationId } of value.items)
    counts.set(applicationId, (counts.get(applicationId) ?? 0) + 1);
  return (
    <>
      <p className="hint">{texts.person.applicationsText}</p>
      {counts.size === 0 ? <p className="hint">{texts.nothing}</p> : null}
      <dl className="facts">
        {[...counts].map(([applicationId, count]) => (
          <div key={String(applicationId)}>
            <dt>
              <Value name="applicationId" value={applicationId} />
            </dt>
            <dd>
              {count} {labelOf('sessions').toLowerCase()}
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}
