import type { ReactNode } from 'react';
import { call, type Answer } from '../api';
import { hrefOf } from '../router';
import { useLoaded } from '../use-loaded';
import { Loading, Problem } from './basics';

interface OneProps {
  readonly path: string;
  /** The page of the list, and its title. */
  readonly list: readonly [page: string, title: string];
  readonly title: string;
  readonly children: (answer: Answer, reload: () => void) => ReactNode;
}

/** The page of one resource, with a link to its list. */
export function One({ path, list: [page, listTitle], title, children }: OneProps): ReactNode {
  const { value, refusal, reload } = useLoaded(path, (signal) => call('GET', path, { signal }));
  if (refusal) return <Problem refusal={refusal} />;
  if (!value) return <Loading />;
  return (
    <>
      <p className="hint">
        <a href={hrefOf(page)}>{listTitle}</a> /
      </p>
      <h1>{title}</h1>
      {children(value, reload)}
    </>
  );
}
