import { createCountersign, type Countersign } from '@countersign/client';
import { recordingFetch } from './recorder';

export interface Person {
  readonly id: number;
  readonly name: string;
}

interface Installation {
  readonly applicationId: string;
  readonly consoleUrl: string;
  readonly people: readonly {
    readonly id: number;
    readonly first_name: string;
    readonly last_name: string;
  }[];
}

const api = location.origin;
const installation = await asked<Installation>('/playground/people');
const { applicationId } = installation;
/** Where operators work. */
export const { consoleUrl } = installation;
export const people: readonly Person[] = installation.people.map((each) => ({
  id: each.id,
  name: `${each.first_name} ${each.last_name}`,
}));

/** The person of this launch, as the init data in the address names them. */
export const me = personIn(launchData());

/** The client of this page, used as any page uses it. */
export const countersign: Countersign = createCountersign({
  api,
  applicationId,
  deviceName: 'Playground',
  fetch: recordingFetch,
});

/**
 * Opens the page as Telegram opens a Mini App: with init data in the fragment of the address, and nothing in the tab's
 * storage. A running page gets none.
 */
export function launch(id: number): void {
  sessionStorage.clear();
  location.assign(addressOfLaunch(id));
}

/** Opens a link to the Mini App of this page, as most clients of Telegram do: a second time beside the first one. */
export function relaunch(link: string): void {
  if (!me) throw new Error('Choose a person first.');
  const startapp = new URL(link).searchParams.get('startapp') ?? '';
  window.open(addressOfLaunch(me.id, startapp), '_blank', 'noopener');
}

function addressOfLaunch(id: number, startapp = ''): string {
  const query = new URLSearchParams({ id: String(id), ...(startapp && { startapp }) });
  return `/playground/launch?${query.toString()}`;
}

/** Leaves Telegram, as it were. */
export function leave(): void {
  history.replaceState(null, '', location.pathname);
  location.reload();
}

/** The id of a person without an account. */
export function newcomer(): number {
  return (people[0]?.id ?? 0) + 10 + Math.floor(Math.random() * 999_000);
}

function launchData(): string | null {
  return new URLSearchParams(location.hash.slice(1)).get('tgWebAppData');
}

function personIn(initData: string | null): Person | null {
  const user = new URLSearchParams(initData ?? '').get('user');
  if (user === null) return null;
  const { id, first_name, last_name } = JSON.parse(user) as Installation['people'][number];
  return { id, name: `${first_name} ${last_name}` };
}

/** Asks the playground itself, not the service. */
async function asked<T>(path: string): Promise<T> {
  const answer = await fetch(path);
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: is the service running?`);
  return (await answer.json()) as T;
}
