import { fieldOf, personIn, readInitData } from '../mini-app/init-data.js';
import {
  ignore,
  isFinal,
  markOf,
  meaningOf,
  now,
  SIGNED_OUT,
  signedIn,
  type InitDataProof,
  type Instant,
  type StoredSession,
  type Live,
  type Pair,
} from './stored-session.js';
import { CountersignError } from '../problem.js';
import { sessionStore } from './session-store.js';
import { storesOfPage, vaultOf, type Vault } from './stores.js';
import { inTurn, tabsNamed, type Tabs } from './tabs.js';
import type { CountersignOptions, DeviceKey, Proof, SessionStore, SignedIn } from '../types.js';
import { isPassing } from '../what-codes-mean.js';
import { isRepeated, repeatMsOf, type Wire } from '../wire.js';

interface SharedSession {
  readonly name: string;
  readonly vault: Vault;
  readonly tabs: Tabs;
  readonly key: Promise<DeviceKey | null>;
}

export interface SessionManager {
  readonly session: SessionStore;
  /** Returns the session, and opens or renews it first if that is due. */
  readonly current: () => Promise<Live | null>;
  /** Returns the next session after a request with `used` failed with `error`, or `null` if there is none. */
  recover(used: Live, error: CountersignError): Promise<Live | null>;
  /** Whether the token was unused for its whole lifetime. It has then ended, unless another program has used it. */
  mayHaveEnded(used: Live): boolean;
  touch(used: Live): void;
  keyFor(pair: Pair): Promise<DeviceKey | null>;
  readonly signIn: (proof?: Proof) => Promise<SignedIn>;
  readonly signOut: () => Promise<void>;
  readonly close: () => void;
}

export function sessionManager(options: CountersignOptions, wire: Wire): SessionManager {
  const { applicationId, botId, deviceName, deviceKeys, stores } = options;
  const session = sessionStore(() => void current().catch(ignore));
  /** The codes that led to a sign-in since the last refresh. Each may do so once. */
  const causes = new Set<string>();
  let shared: SharedSession | undefined;
  /** It is `undefined` before the first read of the stores. */
  let stored: StoredSession | undefined;
  let touchedAt: Instant = [0, 0];
  /** The proof that `signIn` received, if it can open a session twice. */
  let given: InitDataProof | undefined;
  /** Grows with each sign-in and sign-out. Answers to earlier requests are then dropped. */
  let era = 0;
  let flight: Promise<Live | null> | undefined;
  /** Until then nothing is opened or renewed, because of `pausedBy`. */
  let pausedUntil = 0;
  let pausedBy: CountersignError | undefined;
  /** The page reads it once, even if it is empty, because a link within the page may change the address later. */
  let launch: string | undefined;

  function initData(): string | null {
    return options.initData ? options.initData() : (launch ??= readInitData() ?? '');
  }

  function proofAtHand(): InitDataProof | undefined {
    const text = initData();
    return (
      given ?? (text ? ({ with: 'telegram/init-data', initData: text, botId } as InitDataProof) : undefined)
    );
  }

  function here(): SharedSession {
    if (!shared) {
      const text = initData();
      const person = `countersign:${applicationId}:${botId ?? ''}:${personIn(text)}`;
      // Each start parameter is a separate launch with its own session. It may have the grant of an act, and the page
      // that asked for it continues with its own session.
      const name = person + (fieldOf(text, 'start_param') ?? '');
      shared = {
        name,
        vault: vaultOf(stores?.map((store) => () => store) ?? storesOfPage(!!text), name),
        tabs: tabsNamed(
          name,
          (heard) => {
            hear(heard);
            // Other tabs do not share `sessionStorage`, so a reload would lose the newer session without this.
            if (text && stored) void here().vault.write(serialised());
          },
          serialised,
        ),
        key: (async () => (deviceKeys ? deviceKeys(person) : null))().catch(() => null),
      };
      listen('addEventListener');
    }
    return shared;
  }

  function serialised(): string {
    return JSON.stringify(stored);
  }

  function leave(): void {
    listen('removeEventListener');
    shared?.tabs.close();
    shared = undefined;
  }

  function listen(verb: 'addEventListener' | 'removeEventListener'): void {
    if (typeof document !== 'undefined') {
      document[verb]('visibilitychange', wake);
      window[verb]('online', wake);
    }
  }

  function wake(): void {
    if (document.hidden) return;
    if (!pausedBy?.retryAfter) pausedUntil = 0;
    current().catch(ignore);
  }

  function live(): Live | null {
    return stored?.pair ? (stored as Live) : null;
  }

  function isCurrent(used: Live): boolean {
    return stored?.pair?.refreshToken === used.pair.refreshToken;
  }

  /** Without a proof, the service is asked instead, because a refresh without an answer would lose the session. */
  function isDue(used: Live): boolean {
    return mayHaveEnded(used) && !!proofAtHand();
  }

  function mayHaveEnded({ pair }: Live): boolean {
    const [page, device] = now();
    const idle = Math.max(page - touchedAt[0], device - touchedAt[1]);
    return idle >= pair.expiresIn * 1000;
  }

  /** Accepts the session that another page, or an earlier load of this page, has stored. */
  function hear(text: unknown): void {
    let heard: StoredSession;
    try {
      heard = JSON.parse(text as string) as StoredSession;
      if (!(heard.version > (stored ?? SIGNED_OUT).version)) return;
    } catch {
      return;
    }
    if (heard.pair?.sessionId !== stored?.pair?.sessionId && (stored || !heard.pair)) era += 1;
    stored = heard;
    touchedAt = [performance.now(), heard.at];
    show();
  }

  function show(): void {
    session.set(stored?.pair ? { status: 'signed-in', ...signedIn(stored.pair) } : { status: 'signed-out' });
  }

  async function keep(pair: Pair | null, mark: string | undefined, begun: number, at = now()): Promise<void> {
    if (era !== begun) throw new CountersignError('local.superseded');
    touchedAt = at;
    stored = { version: (stored ?? SIGNED_OUT).version, at: at[1], mark, pair };
    show();
    await save(stored);
  }

  async function save(changed: StoredSession): Promise<void> {
    changed.version = Math.max(Date.now(), changed.version + 1);
    here().tabs.tell(serialised());
    await here().vault.write(serialised());
  }

  async function readAgain(): Promise<void> {
    for (const text of await here().vault.read()) hear(text);
  }

  /** Runs one opening or renewal at a time, in this page and across tabs. */
  function share(work: (begun: number) => Promise<Live | null>): Promise<Live | null> {
    if (flight) return flight;
    if (Date.now() < pausedUntil) throw pausedBy as CountersignError;
    const begun = era;
    const mine = inTurn(here().name, () => work(begun))
      .catch((error: unknown) => {
        if (era !== begun) return live();
        if (isPassing(error)) {
          pausedUntil = Date.now() + (error.retryAfter ?? 1) * 1000;
          pausedBy = error;
          if (!stored) session.set({ status: 'unreachable', error });
        } else if (!live()) {
          stored = SIGNED_OUT;
          const lost = error as CountersignError;
          const status = proofAtHand() && isFinal(lost) ? 'relaunch-needed' : 'signed-out';
          session.set({ status, reason: lost.code, error: lost });
        }
        throw error;
      })
      .finally(() => {
        if (flight === mine) flight = undefined;
      });
    return (flight = mine);
  }

  async function current(): Promise<Live | null> {
    const used = live();
    if (!stored) return share(open);
    return used && isDue(used) ? share(() => renew(used)) : used;
  }

  /** @param isAsked whether the person, or a code, asks for it */
  async function open(begun: number, isAsked = false): Promise<Live | null> {
    await readAgain();
    if (live()) return live();
    const proof = proofAtHand();
    if (proof && (isAsked || stored?.mark !== markOf(proof))) await enter(proof, begun);
    else if (isAsked) throw new CountersignError('local.no_init_data');
    else {
      stored ??= SIGNED_OUT;
      show();
    }
    return live();
  }

  async function enter(proof: Proof, begun: number): Promise<void> {
    const { with: way, ...proven } = proof;
    const body = JSON.stringify({ applicationId, deviceName, ...proven });
    const mark = markOf(proof);
    const key = await here().key;
    const ask = async (bound: DeviceKey | null): Promise<void> => {
      const at = now();
      const pair = await wire.post(`/v1/auth/${way}`, body, bound, mark && at[1]);
      await keep(pair as Pair, mark, begun, at);
    };
    await ask(key?.isStored ? key : null).catch((error: unknown) => {
      const meaning = meaningOf('signIn', error);
      if (meaning === 'without-key') return ask(null);
      if (meaning === 'with-key' && key) return ask(key);
      throw error;
    });
  }

  /** @param cause the reason to replace `used`; by default its token has ended */
  async function renew(used: Live, cause?: CountersignError): Promise<Live | null> {
    const begun = era;
    await readAgain();
    await here().tabs.ask();
    if (!isCurrent(used)) return live();
    let meaning = cause ? meaningOf('session', cause) : 'refresh';
    let error: unknown = cause;
    if (meaning === 'refresh')
      try {
        await refresh(stored as Live);
        return live();
      } catch (caught) {
        error = caught;
        meaning = meaningOf('session', caught);
      }
    if (era !== begun || !meaning) throw error;
    stored = undefined;
    await here().vault.remove();
    const { code } = error as CountersignError;
    if (meaning === 'relaunch' || !proofAtHand() || causes.has(code)) throw error;
    causes.add(code);
    // Another person has another shared session.
    leave();
    return open(begun, true);
  }

  async function refresh(used: Live): Promise<void> {
    const at = now();
    /** Whether an answer to this token was lost. The service may then have consumed the token. */
    let isLost: unknown = used.usedAt;
    const usedAt = (used.usedAt ??= at[1]);
    await save(used);
    const key = await keyFor(used.pair);
    const repeatMs = repeatMsOf(used.pair);
    if (!isRepeated(usedAt, repeatMs)) throw new CountersignError('local.refresh_lost');
    const proof = proofAtHand();
    const initData = used.mark && proof?.with === 'telegram/init-data' ? proof.initData : undefined;
    const { refreshToken, isNewUser, startParam } = used.pair;
    try {
      const body = JSON.stringify({ refreshToken, initData });
      const lose = (): unknown => (isLost = used);
      const pair = (await wire.post('/v1/auth/refresh', body, key, usedAt, repeatMs, lose)) as Pair;
      if (!isCurrent(used)) return;
      causes.clear();
      await keep({ ...used.pair, ...pair, isNewUser, startParam }, used.mark, era, at);
    } catch (error) {
      // The service answered and did not consume the token: neither a refusal nor 503 rotates it.
      if (!isLost && /^4|503/.test(String((error as CountersignError).status)) && isCurrent(used)) {
        (stored as Live).usedAt = undefined;
        await save(stored as Live);
      }
      throw error;
    }
  }

  async function keyFor({ tokenType }: Pair): Promise<DeviceKey | null> {
    return tokenType === 'DPoP' ? here().key : null;
  }

  return {
    session,
    current,
    keyFor,
    mayHaveEnded,
    touch(used) {
      if (isCurrent(used)) touchedAt = now();
    },
    async recover(used, error) {
      if (!meaningOf('session', error)) return null;
      return isCurrent(used) ? share(() => renew(used, error)) : live();
    },
    async signIn(proof) {
      if (proof) {
        flight = undefined;
        await enter(proof, (era += 1));
        given = markOf(proof)
          ? ({ ...proof, cancelErasure: undefined } as unknown as InitDataProof)
          : undefined;
      } else {
        // An automatic attempt waits; a person does not.
        if (!pausedBy?.retryAfter) pausedUntil = 0;
        // The flight may end without a session, as the opening after a sign-out does.
        await flight?.catch(ignore);
        if (!live()) await share((begun) => open(begun, true));
      }
      if (!stored?.pair) throw new CountersignError('local.superseded');
      return signedIn(stored.pair);
    },
    async signOut() {
      if (!stored) await readAgain();
      const ended = live();
      flight = undefined;
      causes.clear();
      await keep(null, markOf(proofAtHand()), (era += 1));
      if (ended) {
        const form = new URLSearchParams({ token: ended.pair.refreshToken, client_id: applicationId });
        await wire.post('/v1/oauth/revoke', form, await keyFor(ended.pair), Date.now());
      }
    },
    close: leave,
  };
}
