import { useCallback } from 'react';
import { countersign } from './countersign';
import { Failure, Section, Spinner } from './parts';
import { useAction } from './use-action';
import { useList } from './use-list';

const readSessions = async () => (await countersign.call('GET', '/v1/me/sessions')).items;

/** Shows where the person is signed in. The person can end a session that they do not know. */
export function Sessions() {
  const { items, error, reload } = useList(readSessions);
  const end = useAction(
    useCallback(
      async (sessionId: string) => {
        await countersign.call('DELETE', '/v1/me/sessions/{sessionId}', { path: { sessionId } });
        await reload();
      },
      [reload],
    ),
  );
  return (
    <Section title="Your sessions">
      <Failure error={end.error ?? error} />
      {items === null && error === null && <Spinner label="Loading your sessions" />}
      {items === null && error !== null && <button onClick={() => void reload()}>Try again</button>}
      <ul>
        {items?.map(({ sessionId, deviceName, createdAt, current }) => (
          <li key={sessionId}>
            <span>
              {deviceName ?? 'A device'}{' '}
              <time className="hint" dateTime={createdAt}>
                since {new Date(createdAt).toLocaleString()}
              </time>
            </span>
            {current ? (
              <span className="hint">this one</span>
            ) : (
              <button
                className="plain"
                onClick={() => end.run(sessionId)}
                disabled={end.isRunning}
                aria-label={`End the session since ${new Date(createdAt).toLocaleString()}`}
              >
                End
              </button>
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}
