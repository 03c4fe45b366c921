import { call, readPage, type Row } from './api';
import { labelOf, texts } from './texts';
import { operation, pathOf } from './ui/operations';

/** The consequences of an act, as the service knows them before the act. */
export interface Foresight {
  readonly scope: string;
  /** Facts for the dialog. @param row the subject of the act, with the ids in the address */
  readonly read: (row: Row, signal: AbortSignal) => Promise<Row>;
}

const MOST_READ = 200;

/** Counts the sessions that end. Lists of the service have no totals, so a longer list gives "at least". */
export function endedSessions(isEnding: (session: Row, row: Row) => boolean = () => true): Foresight {
  return {
    scope: 'sessions:read',
    async read(row, signal) {
      const path = pathOf(operation('listUserSessions'), row);
      const { items, nextCursor } = await readPage(path, { signal, query: { limit: String(MOST_READ) } });
      const count = items.filter((each) => each['state'] === 'live' && isEnding(each, row)).length;
      return { sessionsThatEnd: nextCursor === null ? count : `${texts.atLeast} ${count}` };
    },
  };
}

export const lostMembers: Foresight = {
  scope: 'teams:read',
  async read(row, signal) {
    const { memberCount } = (await call('GET', pathOf(operation('readTeam'), row), { signal })).body;
    return { memberCount };
  },
};

export const erasure: Foresight = {
  scope: 'users:erase',
  async read(row, signal) {
    const path = pathOf(operation('previewUserErasure'), row);
    const { erasesAt, lost } = (await call('GET', path, { signal })).body;
    const counts = Object.entries(lost as Readonly<Record<string, number>>).filter(([, count]) => count > 0);
    return { erasesAt, lost: counts.map(([kind, count]) => `${labelOf(kind)}: ${count}`).join(', ') };
  },
};
