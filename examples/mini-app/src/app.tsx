import { hasCode } from '@countersign/client';
import { useCountersign, useSession } from '@countersign/client/react';
import { useCallback } from 'react';
import { Home } from './home';
import { Failure, Notice, Spinner } from './parts';
import { closePage, isClosable } from './telegram';
import { useAction } from './use-action';

/** One page for each state of the session. The compiler reports a state without one. */
export function App() {
  const session = useSession();
  switch (session.status) {
    case 'loading':
      return (
        <main className="notice">
          <Spinner label="Signing in" />
        </main>
      );
    case 'signed-in':
      return <Home key={session.userId} userId={session.userId} />;
    case 'signed-out':
      return <SignedOut />;
    case 'relaunch-needed':
      return (
        <Notice title="Open the app again">
          <p>Telegram has to confirm who you are. Close this page, and open it from the chat again.</p>
          {isClosable && <button onClick={closePage}>Close</button>}
        </Notice>
      );
    case 'unreachable':
      return (
        <Notice title="No connection">
          <p>The service cannot be reached. You stay signed in.</p>
          <SignInButton label="Try again" />
        </Notice>
      );
  }
}

function SignedOut() {
  return (
    <Notice title="You are signed out">
      <SignInButton label="Sign in" />
    </Notice>
  );
}

function SignInButton({ label }: { readonly label: string }) {
  const { signIn } = useCountersign();
  const work = useCallback(async () => {
    try {
      await signIn();
    } catch (error) {
      if (hasCode(error, 'local.no_init_data'))
        throw new Error('Open this page from Telegram.', { cause: error });
      throw error;
    }
  }, [signIn]);
  const { run, isRunning, error } = useAction(work);
  return (
    <>
      <button onClick={run} disabled={isRunning}>
        {label}
      </button>
      <Failure error={error} />
    </>
  );
}
