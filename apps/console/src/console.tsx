import { useCallback, useEffect, useState, type ReactNode } from 'react';
import { flushSync } from 'react-dom';
import {
  call,
  isSessionOver,
  readState,
  Refusal,
  whenSignedOut,
  type ConsoleState,
  type Session,
} from './api';
import { SignIn } from './pages/sign-in';
import { applications } from './resources/applications';
import { audit } from './resources/audit';
import { boards } from './resources/boards';
import { bots } from './resources/bots';
import { homePage } from './resources/home';
import { listings } from './resources/listings';
import { people } from './resources/people';
import { principals } from './resources/principals';
import { servicePage } from './resources/service';
import { teams } from './resources/teams';
import { wallets } from './resources/wallets';
import { webhooks } from './resources/webhooks';
import { WithNames } from './names';
import { hrefOf, useRoute } from './router';
import { SessionContext, useMay } from './session';
import { texts } from './texts';
import { NoticeContext } from './ui/act';
import { Button, Loading, plain, Problem } from './ui/basics';
import type { Page } from './ui/resource';

const groups: readonly (readonly Page[])[] = [
  [homePage, people, wallets, teams],
  [applications, bots, webhooks, boards, listings],
  [audit, principals, servicePage],
];
const pages = groups.flat();

export function Console(): ReactNode {
  const [state, setState] = useState<ConsoleState | null>(null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const load = useCallback(async () => {
    try {
      setState(await readState());
      setRefusal(null);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      setRefusal(error);
    }
  }, []);
  useEffect(() => {
    whenSignedOut(() => setState((before) => before && { ...before, session: null }));
    void load();
    // Personal data leaves the screen when the session ends, even if the page makes no call.
    const timer = setInterval(() => {
      if (isSessionOver()) void load();
    }, 5_000);
    // The back/forward cache restores a page as it was, also after the end of the session.
    const leave = (): void => {
      flushSync(() => setState(null));
    };
    const comeBack = ({ persisted }: PageTransitionEvent): void => {
      if (persisted) void load();
    };
    addEventListener('pagehide', leave);
    addEventListener('pageshow', comeBack);
    return () => {
      clearInterval(timer);
      removeEventListener('pagehide', leave);
      removeEventListener('pageshow', comeBack);
    };
  }, [load]);
  if (refusal)
    return (
      <main className="sign-in" id="content">
        <h1>{texts.title}</h1>
        <Problem refusal={refusal} retry={() => void load()} />
      </main>
    );
  if (!state)
    return (
      <main className="sign-in">
        <Loading />
      </main>
    );
  if (!state.session) return <SignIn hasProvider={state.hasProvider} onSignedIn={() => void load()} />;
  return (
    <SessionContext value={state.session}>
      <WithNames>
        <Frame session={state.session} onSignedOut={() => void load()} />
      </WithNames>
    </SessionContext>
  );
}

function Frame({ session, onSignedOut }: { session: Session; onSignedOut: () => void }): ReactNode {
  const route = useRoute();
  const may = useMay();
  const [isOpen, setOpen] = useState(false);
  const [notice, setNotice] = useState('');
  const [path = '', ...rest] = route;
  const current = pages.find((page) => page.path === path);
  const isShown = ({ scopes }: Page): boolean =>
    scopes !== undefined && (scopes === null || scopes.some((scope) => may(scope)));
  useEffect(() => {
    document.title = `${current?.title ?? ''} · ${texts.title}`;
    scrollTo(0, 0);
    setOpen(false);
  }, [route.join('/')]);
  return (
    <div className="frame">
      <a className="skip" href="#content" onClick={focusContent}>
        {texts.skip}
      </a>
      <header className={isOpen ? 'open' : ''}>
        <div className="brand">
          <p>{texts.title}</p>
          <Button aria-expanded={isOpen} onPress={() => setOpen(!isOpen)}>
            {texts.menu}
          </Button>
        </div>
        <nav aria-label={texts.sections}>
          {groups.map((group) => (
            <div key={group[0]?.path}>
              {group.filter(isShown).map((each) => (
                <a
                  key={each.path}
                  href={each.path === '' ? hrefOf() : hrefOf(each.path)}
                  aria-current={each === current ? 'page' : undefined}
                >
                  {each.title}
                </a>
              ))}
            </div>
          ))}
        </nav>
        <div className="who">
          <p>
            {texts.signedInAs} <bdi>{plain(session.name)}</bdi>
          </p>
          <Button onPress={() => void signOut(onSignedOut)}>{texts.signOut}</Button>
        </div>
      </header>
      <main id="content" tabIndex={-1}>
        <NoticeContext value={setNotice}>
          {current ? current.render(rest) : <p>{texts.notFound}</p>}
        </NoticeContext>
        <p role="status">
          {notice === '' ? null : (
            <span key={notice} className="card notice">
              {notice}
            </span>
          )}
        </p>
      </main>
    </div>
  );
}

async function signOut(then: () => void): Promise<void> {
  try {
    await call('DELETE', '/v1/admin/console/session');
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
  then();
}

/** A link with a hash would open a page of the router. */
function focusContent(event: { preventDefault(): void }): void {
  event.preventDefault();
  document.getElementById('content')?.focus();
}
