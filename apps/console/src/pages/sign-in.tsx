import { useState, type SyntheticEvent, type ReactNode } from 'react';
import { call, Refusal } from '../api';
import { texts } from '../texts';
import { Button, Field, Problem } from '../ui/basics';

const { signIn } = texts;

interface SignInProps {
  readonly hasProvider: boolean;
  readonly onSignedIn: () => void;
}

export function SignIn({ hasProvider, onSignedIn }: SignInProps): ReactNode {
  const refused = new URLSearchParams(location.search).get('refused');
  return (
    <main className="sign-in" id="content">
      <h1>{texts.title}</h1>
      {refused === null ? null : (
        <div role="alert" className="problem">
          {signIn.refused[refused] ?? signIn.otherRefusal}
        </div>
      )}
      {hasProvider ? (
        <section className="card">
          <a className="button main wide" href="/v1/admin/console/sign-in">
            {signIn.provider}
          </a>
          <details>
            <summary>{signIn.or}</summary>
            <SecretForm onSignedIn={onSignedIn} />
          </details>
        </section>
      ) : (
        <section className="card">
          <h2>{signIn.title}</h2>
          <SecretForm onSignedIn={onSignedIn} />
        </section>
      )}
    </main>
  );
}

function SecretForm({ onSignedIn }: Pick<SignInProps, 'onSignedIn'>): ReactNode {
  const [principalId, setPrincipalId] = useState('');
  const [secret, setSecret] = useState('');
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [isRunning, setRunning] = useState(false);
  const submit = async (event: SyntheticEvent): Promise<void> => {
    event.preventDefault();
    if (isRunning) return;
    setRunning(true);
    setRefusal(null);
    try {
      await call('POST', '/v1/admin/console/session', {
        body: { principalId: principalId.trim(), secret: secret.trim() },
      });
      onSignedIn();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      setRefusal(error);
      setRunning(false);
    }
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <Field
        label={signIn.principalId}
        value={principalId}
        onChange={setPrincipalId}
        isRequired
        autoComplete="username"
      />
      <Field
        label={signIn.secret}
        hint={signIn.secretHint}
        type="password"
        value={secret}
        onChange={setSecret}
        isRequired
        autoComplete="current-password"
      />
      {refusal ? <Problem refusal={refusal} /> : null}
      <div className="row">
        <Button type="submit" kind="main" isBusy={isRunning}>
          {signIn.submit}
        </Button>
      </div>
    </form>
  );
}
