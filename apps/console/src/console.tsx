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
import { Applications, Application } from './pages/applications';
import { Audit } from './pages/audit';
import { Bot, Bots } from './pages/bots';
import { Find } from './pages/find';
import { Board, Boards } from './pages/operations/boards';
import { Listing, Listings } from './pages/operations/listings';
import { Principal, Principals } from './pages/operations/principals';
import { OwnSessions } from './pages/own-sessions';
import { Person } from './pages/person';
import { Service } from './pages/service';
import { Settings } from './pages/settings';
import { SignIn } from './pages/sign-in';
import { Team } from './pages/team';
import { Wallet, Wallets } from './pages/wallets';
import { Delivery, Webhook, Webhooks } from './pages/webhooks';
import { hrefOf, useRoute } from './router';
import { SessionContext, useMay } from './session';
import { texts } from './texts';
import { Button, Loading, Problem } from './ui/basics';

/** Pages of the navigation, with the scopes of which one shows them. */
const sections: readonly (readonly [page: string, label: string, scopes: readonly string[] | null])[] = [
  ['', texts.nav.find, null],
  ['audit', texts.nav.audit, ['audit:read']],
  ['applications', texts.nav.applications, ['applications:read']],
  ['bots', texts.nav.bots, ['applications:read']],
  ['webhooks', texts.nav.webhooks, ['webhooks:read']],
  ['boards', texts.nav.boards, ['boards:read']],
  ['listings', texts.nav.listings, ['listings:read']],
  ['wallets', texts.nav.wallets, ['wallets:read']],
  ['principals', texts.nav.principals, ['principals:read']],
  ['service', texts.nav.service, ['jobs:read', 'identity-keys:read', 'installation:read']],
  ['sessions', texts.nav.sessions, null],
];

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
    whenSignedOut(() => {
      setState((before) => before && { ...before, session: null });
    });
    void load();
    // What the screen shows of people ends with the session, also where nothing is asked any more.
    const timer = setInterval(() => {
      if (isSessionOver()) void load();
    }, 5_000);
    // The back/forward cache restores a page as it was left, also after the end of the session.
    const leave = (): void => {
      flushSync(() => {
        setState(null);
      });
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
      <Frame session={state.session} onSignedOut={() => void load()} />
    </SessionContext>
  );
}

function Frame({
  session,
  onSignedOut,
}: {
  readonly session: Session;
  readonly onSignedOut: () => void;
}): ReactNode {
  const route = useRoute();
  const may = useMay();
  const [current = ''] = route;
  const shown = sections.filter(([, , scopes]) => scopes === null || scopes.some((scope) => may(scope)));
  useEffect(() => {
    document.title = `${shown.find(([page]) => page === current)?.[1] ?? texts.person.title} · ${texts.title}`;
    scrollTo(0, 0);
  }, [route.join('/')]);
  return (
    <div className="frame">
      <a className="skip" href="#content" onClick={focusContent}>
        {texts.skip}
      </a>
      <header>
        <p className="brand">{texts.title}</p>
        <nav aria-label={texts.sections}>
          {shown.map(([page, label]) => (
            <a
              key={page}
              href={page === '' ? hrefOf() : hrefOf(page)}
              aria-current={page === current ? 'page' : undefined}
            >
              {label}
            </a>
          ))}
        </nav>
        <div className="who">
          <p>
            {texts.signedInAs} <bdi>{session.name}</bdi>
          </p>
          <Button onPress={() => void signOut(onSignedOut)}>{texts.signOut}</Button>
        </div>
      </header>
      <main id="content" tabIndex={-1}>
        <PageOf route={route} onSignedOut={onSignedOut} />
      </main>
    </div>
  );
}

function PageOf({
  route,
  onSignedOut,
}: {
  readonly route: readonly string[];
  readonly onSignedOut: () => void;
}): ReactNode {
  const [page = '', id, more] = route;
  switch (page) {
    case '':
      return <Find />;
    case 'people':
      return id === undefined ? <Find /> : <Person key={id} userId={id} />;
    case 'teams':
      return id === undefined ? <Find /> : <Team key={id} teamId={id} />;
    case 'audit':
      return <Audit />;
    case 'applications':
      if (id === undefined) return <Applications />;
      return more === 'settings' ? (
        <Settings key={id} applicationId={id} />
      ) : (
        <Application key={id} applicationId={id} />
      );
    case 'bots':
      return id === undefined ? <Bots /> : <Bot key={id} id={id} isRecovery={more === 'recovery'} />;
    case 'webhooks':
      if (id === undefined) return <Webhooks />;
      return more === undefined ? (
        <Webhook key={id} endpointId={id} />
      ) : (
        <Delivery endpointId={id} eventId={more} />
      );
    case 'boards':
      return id === undefined ? <Boards /> : <Board key={id} boardId={id} />;
    case 'listings':
      return id === undefined ? <Listings /> : <Listing key={id} listingId={id} />;
    case 'principals':
      return id === undefined ? <Principals /> : <Principal key={id} principalId={id} />;
    case 'wallets':
      return id === undefined ? <Wallets /> : <Wallet key={id} walletId={id} />;
    case 'service':
      return <Service />;
    case 'sessions':
      return <OwnSessions onEnded={onSignedOut} />;
    default:
      return <p>{texts.notFound}</p>;
  }
}

async function signOut(then: () => void): Promise<void> {
  try {
    await call('DELETE', '/v1/admin/console/session');
  } catch (error) {
    // Without an answer the session may go on: the page says what it is.
    if (!(error instanceof Refusal)) throw error;
  }
  then();
}

/** A hash would be a page of the router. */
function focusContent(event: { preventDefault(): void }): void {
  event.preventDefault();
  document.getElementById('content')?.focus();
}
