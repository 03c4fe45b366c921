import { hasCode, problemIn, type CountersignError } from '@countersign/client';
import {
  accountErasure,
  Confirm,
  useCountersign,
  useSession,
  useSignIn,
  useUser,
} from '@countersign/client/react';
import { readInitData } from '@countersign/client/telegram';
import { useMemo, useState } from 'react';
import { Account } from './account';
import { Login } from './login';
import { Why } from './why';

/** One page for each state of the session. */
export function App() {
  const session = useSession();
  switch (session.status) {
    case 'loading':
      return <p>One moment</p>;
    case 'signed-in':
      return <Home />;
    case 'signed-out':
      return <SignedOut refusal={session.error} />;
    case 'relaunch-needed':
      return (
        <main>
          <h1>Close the app and open it again.</h1>
          <Why error={session.error} />
        </main>
      );
    case 'unreachable':
      return <SignedOut refusal={session.error} />;
  }
}

function Home() {
  const client = useCountersign();
  const state = useUser();
  const acts = useMemo(
    () => ({ 'account.erase': accountErasure(client, () => void client.signOut()) }),
    [client],
  );
  if (state.status === 'failed') return <button onClick={() => void state.reload()}>Try again</button>;
  if (state.status !== 'signed-in') return <p>One moment</p>;
  return (
    <main>
      <h1>Hello, {state.user.profile.firstName}</h1>
      <Confirm acts={acts} />
      <Login />
      <Visits />
      <Account />
      <button onClick={() => void client.signOut()}>Log out</button>
    </main>
  );
}

/** Calls the service in service.js. */
function Visits() {
  const client = useCountersign();
  const [count, setCount] = useState<number>();
  const [error, setError] = useState<unknown>();
  async function visit(): Promise<void> {
    try {
      const answer = await client.fetch('/api/visits', { method: 'POST' });
      if (!answer.ok) throw await problemIn(answer);
      const { visits } = (await answer.json()) as { visits: number };
      setCount(visits);
      setError(undefined);
    } catch (caught) {
      setError(caught);
    }
  }
  return (
    <section>
      <button onClick={() => void visit()}>Visit</button> {count !== undefined && `Visits: ${count}`}
      {error !== undefined && <Why error={error} />}
    </section>
  );
}

/** The page without a session. After a refusal it says why: first for the sign-in when the app was opened, then for each further attempt. */
function SignedOut({ refusal }: { readonly refusal: CountersignError | undefined }) {
  const { signIn, isPending, error } = useSignIn();
  const shown = error ?? refusal;
  /** Cancels the erasure of the account. This needs a new launch: the service refuses one that was used before. */
  async function keep(): Promise<void> {
    const initData = readInitData();
    await signIn(initData ? { with: 'telegram/init-data', initData, cancelErasure: true } : undefined);
  }
  return (
    <main>
      <h1>{shown ? 'You could not be signed in.' : 'You are signed out.'}</h1>
      {shown && <Why error={shown} />}
      {hasCode(refusal, 'user.erasure_pending') ? (
        <>
          <p>It is erased on {new Date(String(refusal.body['erasesAt'])).toLocaleString()}.</p>
          <button disabled={isPending} onClick={() => void keep()}>
            Keep my account
          </button>
        </>
      ) : (
        <button disabled={isPending} onClick={() => void signIn()}>
          {shown ? 'Try again' : 'Sign in'}
        </button>
      )}
    </main>
  );
}
