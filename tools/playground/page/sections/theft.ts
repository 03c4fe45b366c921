import { h, tail } from '../dom';
import { countersign } from '../me';
import { recordingFetch, spoilNextToken } from '../recorder';
import { addSection, isSignedIn, refresh } from '../section';
import { onPair, pairAtHand, storedPair } from '../tokens';

const REPEATED_SECONDS = 10;

export function theftSection(): void {
  const { body, action } = addSection(
    'theft',
    'Steal a token',
    'A thief copies your refresh token, and you renew: the copy is used up. For ten seconds the service repeats its answer to it, since an answer can get lost on the way. After that a second use shows the theft, and the session ends for you and for the thief.',
  );
  const state = h('p', { className: 'state' }, 'The thief has nothing.');
  let stolen: string | null = null;
  let usedAt: number | null = null;
  let isNoticed = false;
  onPair(({ isNew }) => {
    if (isNew && stolen !== null && stolen !== pairAtHand()?.refreshToken) usedAt ??= Date.now();
    draw();
  });
  setInterval(draw, 1000);
  body.append(
    state,
    h(
      'div',
      { className: 'buttons' },
      action('1. Copy my refresh token', async () => {
        stolen = storedPair()?.refreshToken ?? null;
        [usedAt, isNoticed] = [null, false];
        draw();
        return 'Read from the storage of this page, as any script of it could.';
      }),
      action(
        '2. Renew as myself',
        async () => {
          spoilNextToken();
          await countersign.call('GET', '/v1/me');
          return 'You have a new pair. The copy is used up, and the theft is not noticed yet: wait for step 3.';
        },
        () => isSignedIn() && stolen !== null && usedAt === null,
      ),
      action('3. Use the copy as the thief', useAsThief, () => stolen !== null && secondsLeft() === 0),
      action(
        '4. Call as myself',
        async () => {
          await countersign.call('GET', '/v1/me');
          return 'Your session lives.';
        },
        () => isNoticed,
      ),
    ),
  );

  async function useAsThief(): Promise<string> {
    const answer = await recordingFetch('the thief')('/v1/auth/refresh', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ refreshToken: stolen }),
    });
    const { code } = (await answer.json()) as { code?: string };
    isNoticed = !answer.ok;
    return isNoticed
      ? `Refused with ${code ?? 'no code'}: the theft is noticed, and the session has ended, yours too. See it in step 4.`
      : 'The service repeated its answer.';
  }

  /** Until the next use of the copy shows the theft; `null` before you have renewed. */
  function secondsLeft(): number | null {
    return usedAt === null ? null : Math.max(0, REPEATED_SECONDS - Math.floor((Date.now() - usedAt) / 1000));
  }

  function draw(): void {
    if (stolen === null) return;
    const left = secondsLeft();
    const since =
      left === null
        ? 'renew as yourself, and it is used up'
        : left > 0
          ? `it is used up: step 3 in ${left} s`
          : 'its next use shows the theft';
    state.textContent = `The thief has ${tail(stolen)}; ${since}.`;
    refresh();
  }
}
