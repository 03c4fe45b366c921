import { createContext, useContext, useEffect, useMemo, type ReactNode } from 'react';
import { readPage, whenChanged, type Row } from './api';
import { useMay } from './session';
import { plain } from './ui/basics';
import { useLoaded, useRound } from './use-loaded';

const NAMED = [
  ['applicationId', '/v1/admin/applications', 'applications:read'],
  ['principalId', '/v1/admin/principals', 'principals:read'],
] as const;

type Names = Readonly<Record<string, ReadonlyMap<string, string>>>;

const NamesContext = createContext<Names>({});

/** Reads the names of the newest 200 applications and principals. Shared names show the end of the id. */
export function WithNames({ children }: { readonly children: ReactNode }): ReactNode {
  const may = useMay();
  const [round, reload] = useRound();
  useEffect(() => {
    whenChanged((path) => {
      if (NAMED.some(([, list]) => path.startsWith(list))) reload();
    });
  }, [reload]);
  const { value } = useLoaded(
    'names',
    async (signal) => {
      const found = NAMED.filter(([, , scope]) => may(scope)).map(async ([field, path]) => {
        const { items } = await readPage(path, { signal, query: { limit: '200' } });
        return [field, namesOf(items, field)] as const;
      });
      return Object.fromEntries(await Promise.all(found));
    },
    round,
  );
  const names = useMemo(() => value ?? {}, [value]);
  return <NamesContext value={names}>{children}</NamesContext>;
}

function namesOf(items: readonly Row[], field: string): ReadonlyMap<string, string> {
  return new Map(
    items.map(({ [field]: id, name }) => {
      const isShared = items.filter((other) => other['name'] === name).length > 1;
      const text = plain(String(name));
      return [String(id), isShared ? `${text} (… ${String(id).slice(-4)})` : text];
    }),
  );
}

export function useNames(field: string): ReadonlyMap<string, string> {
  return useContext(NamesContext)[field] ?? new Map();
}
