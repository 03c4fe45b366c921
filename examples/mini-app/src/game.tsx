import { isCountersignError, textOf } from '@countersign/client';
import { useCallback, useEffect, useState } from 'react';
import { gameApi, type Result, type Round } from './game-api';
import { Failure, Section, takeFocus } from './parts';
import { Ranks } from './ranks';
import { useAction } from './use-action';

const ITEMS = ['coffee', 'tea', 'cake'];

type Played =
  | { readonly status: 'ready' }
  | { readonly status: 'playing'; readonly round: Round }
  | { readonly status: 'over'; readonly result: Result | null; readonly error: string | null };

/** A small game. Its server chooses the guests, counts points and time, and sends the score. This page only shows the game. */
export function Game({ userId }: { readonly userId: string }) {
  const [played, setPlayed] = useState<Played>({ status: 'ready' });
  const start = useAction(
    useCallback(async () => setPlayed({ status: 'playing', round: await gameApi.start() }), []),
  );
  const end = useCallback(
    (result: Result | null, error: string | null) => setPlayed({ status: 'over', result, error }),
    [],
  );
  return (
    <Section title="Rush hour">
      {played.status === 'playing' ? (
        <RunningRound key={played.round.roundId} first={played.round} onEnd={end} />
      ) : (
        <>
          {played.status === 'over' && <Outcome {...played} />}
          <p className="hint">
            Serve as many guests as you can in ten seconds. A wrong item costs a point. Your best round of the
            week counts.
          </p>
          <div className="choices">
            <button onClick={start.run} disabled={start.isRunning}>
              Start a round
            </button>
          </div>
          <Failure error={start.error} />
          <Ranks userId={userId} />
        </>
      )}
    </Section>
  );
}

function RunningRound({
  first,
  onEnd,
}: {
  readonly first: Round;
  readonly onEnd: (result: Result | null, error: string | null) => void;
}) {
  const [round, setRound] = useState(first);
  const msLeft = useCountdown(first.msLeft);
  const serve = useAction(
    useCallback(
      async (item: string) => {
        try {
          setRound(await gameApi.serve(round, item));
        } catch (error) {
          // The server is sending the result.
          if (!isCountersignError(error) || (error.code as string) !== 'round.over') throw error;
        }
      },
      [round],
    ),
  );
  useEffect(() => {
    let isShown = true;
    gameApi.result(first).then(
      (result) => isShown && onEnd(result, null),
      (thrown: unknown) => isShown && onEnd(null, textOf(thrown)),
    );
    return () => {
      isShown = false;
    };
  }, [first, onEnd]);
  return (
    <>
      <p className="wish" role="status">
        Guest {round.guest} wants <strong>{round.wish}</strong>.
      </p>
      <div className="counter">
        {ITEMS.map((item, index) => (
          <button
            key={item}
            className="item"
            onClick={() => serve.run(item)}
            ref={index === 0 ? takeFocus : null}
            aria-label={`Serve ${item}`}
          >
            {item}
          </button>
        ))}
      </div>
      <progress value={msLeft} max={first.msLeft} aria-label="Time left" />
      <p className="hint">
        Points: {round.points}. Seconds left: {Math.ceil(msLeft / 1000)}.
      </p>
      <Failure error={serve.error} />
    </>
  );
}

function Outcome({ result, error }: Pick<Extract<Played, { status: 'over' }>, 'result' | 'error'>) {
  if (result === null) return <Failure error={error} />;
  const { points, isSent } = result;
  return (
    <p className="wish" role="status" tabIndex={-1} ref={takeFocus}>
      The round is over, with {points === 1 ? '1 point' : `${points} points`}.
      {!isSent && ' They could not be sent to the board.'}
    </p>
  );
}

/** The remaining milliseconds, for display only. The clock of the server decides. */
function useCountdown(ms: number): number {
  const [left, setLeft] = useState(ms);
  useEffect(() => {
    const endsAt = performance.now() + ms;
    const timer = setInterval(() => setLeft(Math.max(0, endsAt - performance.now())), 100);
    return () => clearInterval(timer);
  }, [ms]);
  return left;
}
