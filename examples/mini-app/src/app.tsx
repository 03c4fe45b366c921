import { hasCode, textOf, type CountersignError } from '@countersign/client';
import { useSession, useSignIn } from '@countersign/client/react';
import { readInitData } from '@countersign/client/telegram';
import { BOT_ID } from './countersign';
import { Home } from './home';
import { Failure, Notice, Spinner } from './parts';
import { closePage, isClosable } from './telegram';

/** One page for each state of the session. The compiler reports a state that has no page. */
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
      return <SignedOut refusal={session.error} />;
    case 'relaunch-needed':
      return (
        <Notice title="Open the app again">
          <p>Telegram must confirm who you are. Close this page, and open it from the chat again.</p>
          {isClosable && <button onClick={closePage}>Close</button>}
        </Notice>
      );
    case 'unreachable':
      return (
        <Notice title="No connection">
          <SignIn refusal={session.error} />
        </Notice>
      );
  }
}

function SignedOut({ refusal }: { readonly refusal: CountersignError | undefined }) {
  return hasCode(refusal, 'user.erasure_pending') ? (
    <KeepAccount erasesAt={String(refusal.body['erasesAt'])} />
  ) : (
    <Notice title="You are signed out">
      <SignIn refusal={refusal} />
    </Notice>
  );
}

/** @param refusal the reason why the automatic sign-in failed */
function SignIn({ refusal }: { readonly refusal: CountersignError | undefined }) {
  const { signIn, isPending, error } = useSignIn();
  const shown = error ?? refusal;
  return (
    <>
      <Failure error={shown ? textOf(shown) : null} />
      <button onClick={() => void signIn()} disabled={isPending}>
        {shown ? 'Try again' : 'Sign in'}
      </button>
    </>
  );
}

/** Only a new launch can cancel the erasure: the service refuses init data that was used before. */
function KeepAccount({ erasesAt }: { readonly erasesAt: string }) {
  const { signIn, isPending, error } = useSignIn();
  async function keep(): Promise<void> {
    const initData = readInitData() ?? '';
    await signIn({ with: 'telegram/init-data', initData, botId: BOT_ID, cancelErasure: true });
  }
  return (
    <Notice title="Your account will be deleted">
      <p>This happens on {new Date(erasesAt).toLocaleString()}. Until then you can keep it.</p>
      <button onClick={() => void keep()} disabled={isPending}>
        Keep my account
      </button>
      <Failure error={error && textOf(error)} />
    </Notice>
  );
}
