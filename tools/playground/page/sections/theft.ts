import { h, tail } from '../dom';
import { countersign } from '../me';
import { recordingFetch, spoilNextToken } from '../recorder';
import { addSection } from '../section';
import { onPair, pairAtHand, storedPair } from '../tokens';

const REPEATED_SECONDS = 10;

export function theftSection(): void {
  const { body, action } = addSection(
    'theft',
    'Steal a token',
    'A thief copies your refresh token out of the storage of the page. When it comes again after the other one has used the new pair, the theft is noticed, and the session ends for both. Before that, and for ten seconds anyway, the service repeats its answer: an answer that was lost on the way looks the same.',
  );
  const state = h('p', { className: 'state' }, 'The thief has nothing.');
  let stolen: string | null = null;
  let usedAt: number | null = null;
  onPair(({ isNew }) => {
    if (isNew && stolen !== null && stolen !== pairAtHand()?.refreshToken) usedAt ??= Date.now();
    draw();
  });
  const use = action('3. Use the copy as the thief', async () => {
    if (stolen === null) return 'Copy a token first.';
    const answer = await recordingFetch('the thief')('/v1/auth/refresh', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ refreshToken: stolen }),
    });
    const { code, accessToken } = (await answer.json()) as { code?: string; accessToken?: string };
    if (!answer.ok)
      return `Refused with ${code ?? 'no code'}: the theft is noticed, and the session has ended, yours too.`;
    usedAt ??= Date.now();
    await recordingFetch('the thief')('/v1/me', {
      headers: { authorization: `Bearer ${accessToken ?? ''}` },
    });
    return 'The thief got a pair and has used it: the copy was unused. Now renew as yourself, after ten seconds.';
  });
  setInterval(draw, 1000);
  body.append(
    state,
    h(
      'div',
      { className: 'buttons' },
      action('1. Copy my refresh token', async () => {
        stolen = storedPair()?.refreshToken ?? null;
        usedAt = null;
        draw();
        return stolen === null
          ? 'There is none: sign in first.'
          : 'Read from the storage of this page, as any script of it could.';
      }),
      action('2. Renew as myself', async () => {
        spoilNextToken();
        await countersign.call('GET', '/v1/me');
        return 'You have a new pair. The copy is used up, and the theft is not noticed yet.';
      }),
      use,
      action('4. Call as myself', async () => {
        await countersign.call('GET', '/v1/me');
        return 'Your session lives.';
      }),
    ),
  );

  function draw(): void {
    if (stolen === null) return;
    const seconds = usedAt === null ? null : Math.floor((Date.now() - usedAt) / 1000);
    const since =
      seconds === null
        ? 'it is not used yet'
        : seconds < REPEATED_SECONDS
          ? `it was used ${seconds} s ago: its answer is repeated for ${REPEATED_SECONDS - seconds} s more, then use it as the thief`
          : 'it was used more than ten seconds ago: its next use is noticed';
    use.disabled = seconds !== null && seconds < REPEATED_SECONDS;
    state.textContent = `The thief has ${tail(stolen)}; ${since}.`;
  }
}
