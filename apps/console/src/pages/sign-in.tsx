import { useState, type ReactNode } from 'react';
import { call } from '../api';
import { texts } from '../texts';
import { Button, Field, Problem } from '../ui/basics';
import { useSubmit } from '../ui/use-submit';

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
          {Object.hasOwn(signIn.refused, refused) ? signIn.refused[refused] : signIn.otherRefusal}
        </div>
      )}
      <section className="card">
        {hasProvider ? (
          <>
            <a className="button main" href="/v1/admin/console/sign-in">
              {signIn.provider}
            </a>
            <details>
              <summary>{signIn.or}</summary>
              <SecretForm onSignedIn={onSignedIn} />
            </details>
          </>
        ) : (
          <SecretForm onSignedIn={onSignedIn} />
        )}
      </section>
    </main>
  );
}

function SecretForm({ onSignedIn }: Pick<SignInProps, 'onSignedIn'>): ReactNode {
  const [principalId, setPrincipalId] = useState('');
  const [secret, setSecret] = useState('');
  const { isRunning, refusal, submit } = useSubmit(async () => {
    await call('POST', '/v1/admin/console/session', {
      body: { principalId: principalId.trim(), secret: secret.trim() },
    });
    onSignedIn();
  });
  return (
    <form onSubmit={submit}>
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
