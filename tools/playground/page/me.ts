import { createCountersign, type Countersign } from '@countersign/client';
import { deviceKeys } from '@countersign/client/device-keys';
import { recordingFetch } from './recorder';

export interface Person {
  readonly id: number;
  readonly name: string;
}

/** A chain on which embedded wallets send. */
export interface SendingChain {
  /** CAIP-2. */
  readonly id: string;
  readonly kind: 'evm' | 'ton';
  readonly name: string;
  readonly currency: { readonly symbol: string; readonly decimals: number };
  readonly tokens: readonly {
    readonly address: string;
    readonly symbol: string;
    readonly decimals: number;
  }[];
}

interface Installation {
  readonly applicationId: string;
  readonly hasTelegramLogin: boolean;
  readonly chains: readonly SendingChain[];
  readonly hasTestCoins: boolean;
  readonly people: readonly {
    readonly id: number;
    readonly first_name: string;
    readonly last_name: string;
  }[];
}

export const api = location.origin;
const installation = await asked<Installation>('/playground/people');
export const { applicationId, hasTelegramLogin, chains, hasTestCoins } = installation;
export const people: readonly Person[] = installation.people.map((each) => ({
  id: each.id,
  name: `${each.first_name} ${each.last_name}`,
}));

/** The person of this launch, as the init data in the address names them. */
export const me = personIn(launchData());

/** Whether this browser binds sessions to a key of its own, from the next launch on. */
export const deviceKeySwitch = {
  isOn: (): boolean => localStorage.getItem('playground:device-key') === 'on',
  set: (isOn: boolean): void => localStorage.setItem('playground:device-key', isOn ? 'on' : 'off'),
};

/** The client of this page, used as any page uses it. */
export const countersign: Countersign = createCountersign({
  api,
  applicationId,
  deviceName: 'Playground',
  fetch: recordingFetch('you'),
  ...(deviceKeySwitch.isOn() && { deviceKeys: deviceKeys() }),
});

/** Init data of another person's launch, on a device of theirs. For the person of this page the playground refuses it. */
export async function initDataOf(id: number, startParam?: string): Promise<string> {
  return (await asked<{ initData: string }>('/playground/init-data', { id, startParam })).initData;
}

/** The person of this launch. @throws Error outside of Telegram */
export function signedIn(): Person {
  if (!me) throw new Error('Choose a person under “Sign in” first.');
  return me;
}

/**
 * Opens the page as Telegram opens a Mini App: with init data in the fragment of the address, and nothing in the tab's
 * storage. A running page gets none.
 */
export function launch(id: number): void {
  sessionStorage.clear();
  location.assign(addressOfLaunch(id));
}

/** Opens the Mini App of a person a second time, as most clients of Telegram do where a link has another start parameter. */
export function relaunchAs(id: number, startParam: string): void {
  window.open(addressOfLaunch(id, startParam), '_blank', 'noopener');
}

/** What a client of Telegram does with a link to the Mini App of this page. */
export function relaunch(link: string): void {
  relaunchAs(signedIn().id, new URL(link).searchParams.get('startapp') ?? '');
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

/** Does something as another person, with a client of their own. */
export function as<T>({ id, name }: Person, work: (theirs: Countersign) => Promise<T>): Promise<T> {
  return apart(name, async (theirs) => {
    await theirs.signIn({ with: 'telegram/init-data', initData: await initDataOf(id) });
    return work(theirs);
  });
}

/** Does something with a client that keeps nothing. @param who is shown beside its requests */
export async function apart<T>(who: string, work: (theirs: Countersign) => Promise<T>): Promise<T> {
  const theirs = createCountersign({
    api,
    applicationId,
    deviceName: 'Playground',
    initData: () => null,
    stores: [],
    fetch: recordingFetch(who),
  });
  try {
    return await work(theirs);
  } finally {
    theirs.close();
  }
}

/** A person without an account. */
export function newcomer(): Person {
  const [first, last] = [people[0]?.id ?? 0, 1_000_000];
  const id = first + 10 + Math.floor(Math.random() * (last - 1_000));
  return { id, name: `Newcomer ${String(id).slice(-4)}` };
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
export async function asked<T>(path: string, body?: object): Promise<T> {
  const answer = await fetch(path, {
    ...(body && {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: is the service running?`);
  return (answer.status === 204 ? undefined : await answer.json()) as T;
}
