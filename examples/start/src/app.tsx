import { textOf } from '@countersign/client';
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

/** One page for each state of the session. */
export function App() {
  const session = useSession();
  switch (session.status) {
    case 'loading':
      return <p>One moment</p>;
    case 'signed-in':
      return <Home />;
    case 'signed-out':
      return <SignedOut reason={session.reason} />;
    case 'relaunch-needed':
      return <p>Close the app and open it again.</p>;
    case 'unreachable':
      return <p>There is no connection.</p>;
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
  const [text, setText] = useState('');
  async function visit(): Promise<void> {
    try {
      const answer = await client.fetch('/api/visits', { method: 'POST' });
      const { visits, title } = (await answer.json()) as { visits?: number; title?: string };
      setText(answer.ok ? `Visits: ${visits}` : `${title}`);
    } catch (error) {
      setText(textOf(error));
    }
  }
  return (
    <p>
      <button onClick={() => void visit()}>Visit</button> {text}
    </p>
  );
}

function SignedOut({ reason }: { readonly reason: string | undefined }) {
  const { signIn, isPending, error } = useSignIn();
  /** Only a new launch may: one that was used before is refused. */
  async function keep(): Promise<void> {
    const initData = readInitData();
    await signIn(initData ? { with: 'telegram/init-data', initData, cancelErasure: true } : undefined);
  }
  return (
    <main>
      <p>
        {reason === undefined
          ? 'You are signed out.'
          : textOf({ code: reason, message: 'You are signed out.' })}
      </p>
      {reason === 'user.erasure_pending' ? (
        <button disabled={isPending} onClick={() => void keep()}>
          Keep my account
        </button>
      ) : (
        <button disabled={isPending} onClick={() => void signIn()}>
          Sign in
        </button>
      )}
      {error && error.code !== reason && <p role="alert">{textOf(error)}</p>}
    </main>
  );
}
