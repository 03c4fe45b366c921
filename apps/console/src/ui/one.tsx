import type { ReactNode } from 'react';
import { call, type Answer } from '../api';
import { hrefOf } from '../router';
import { useLoaded } from '../use-loaded';
import { Loading, Problem } from './basics';

interface OneProps {
  readonly path: string;
  /** The page that leads here, its title, and the id of its resource if it shows one. */
  readonly list: readonly [page: string, title: string, ...id: readonly string[]];
  readonly title: string;
  readonly children: (answer: Answer, reload: () => void) => ReactNode;
}

/** The page of one resource, with a link to its list. */
export function One({ path, list: [page, listTitle, ...id], title, children }: OneProps): ReactNode {
  const { value, refusal, reload } = useLoaded(path, (signal) => call('GET', path, { signal }));
  if (refusal) return <Problem refusal={refusal} retry={reload} />;
  if (!value) return <Loading />;
  return (
    <>
      <p className="hint">
        <a href={hrefOf(page, ...id)}>{listTitle}</a> /
      </p>
      <h1>{title}</h1>
      {children(value, reload)}
    </>
  );
}
