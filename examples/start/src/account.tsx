import type { Schemas } from '@countersign/client';
import { useCountersign, useStepUp } from '@countersign/client/react';
import { useCallback, useEffect, useState } from 'react';
import { Why } from './why';

/** The sessions of the person, and the end of the account. */
export function Account() {
  const { call } = useCountersign();
  const [sessions, setSessions] = useState<readonly Schemas['SessionResponse'][]>([]);
  const [error, setError] = useState<unknown>(null);
  const load = useCallback(async () => {
    try {
      const { items } = await call('GET', '/v1/me/sessions');
      setSessions(items);
      setError(null);
    } catch (caught) {
      setError(caught);
    }
  }, [call]);
  useEffect(() => void load(), [load]);
  async function end(sessionId: string): Promise<void> {
    try {
      await call('DELETE', '/v1/me/sessions/{sessionId}', { path: { sessionId } });
      await load();
    } catch (caught) {
      setError(caught);
    }
  }
  return (
    <section>
      <details>
        <summary>Where you are signed in</summary>
        <ul>
          {sessions.map(({ sessionId, deviceName, createdAt, current }) => (
            <li key={sessionId}>
              <span>
                {deviceName ?? 'A device'}
                <small>since {new Date(createdAt).toLocaleString()}</small>
              </span>
              {current ? 'this one' : <button onClick={() => void end(sessionId)}>End</button>}
            </li>
          ))}
        </ul>
      </details>
      {error !== null && <Why error={error} />}
      <DeleteAccount />
    </section>
  );
}

/** Opens the app a second time, where `Confirm` of the page shows what is lost. */
function DeleteAccount() {
  const { ask, asked, outcome, isPending, error } = useStepUp('account.erase');
  // On this machine, development.js opens the link in place of Telegram.
  const isHere = import.meta.env.DEV && location.hostname === '127.0.0.1';
  const link = asked && isHere ? `/launch?startapp=s_${asked.code}` : asked?.link;
  return (
    <p>
      <button disabled={isPending} onClick={() => void ask()}>
        Delete my account
      </button>{' '}
      {isPending && link && <a href={link}>Confirm in Telegram</a>}
      {outcome === 'expired' && 'You did not confirm it in time.'}
      {error && <span role="alert">{error}</span>}
    </p>
  );
}
