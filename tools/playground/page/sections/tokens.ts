import { duration, h, tail } from '../dom';
import { countersign } from '../me';
import { spoilNextToken } from '../recorder';
import { addSection } from '../section';
import { onPair, pairAtHand, takeStoredPair, type Pair } from '../tokens';

const SHOWN = 6;

export function tokensSection(): void {
  const { body, action } = addSection(
    'tokens',
    'Tokens',
    'Each call prolongs the access token. A refresh token is for one use: a renewal brings the next pair.',
  );
  const [access, refresh] = [timeLine('Access token'), timeLine('Refresh token')];
  const history = h('ol', { className: 'history', 'aria-label': 'What happened to the tokens' });
  body.append(
    access.element,
    refresh.element,
    history,
    h(
      'div',
      { className: 'buttons' },
      action('Use the access token', async () => {
        await countersign.call('GET', '/v1/me/sessions');
        return 'Used: its time starts anew.';
      }),
      action('Let it end, then call', async () => {
        spoilNextToken();
        await countersign.call('GET', '/v1/me/sessions');
        return 'The call was refused, the client renewed the pair and called again: your code saw one answer.';
      }),
      action('End my other sessions', async () => {
        await countersign.call('DELETE', '/v1/me/sessions');
        const { items } = await countersign.call('GET', '/v1/me/sessions');
        return `Sessions left: ${items.length}, this one.`;
      }),
    ),
  );
  let before: Pair | null = null;
  onPair(({ pair, isNew }) => {
    draw();
    if (!isNew) return;
    history.prepend(h('li', {}, whatHappened(pair, before)));
    before = pair;
    while (history.children.length > SHOWN) history.lastElementChild?.remove();
  });
  countersign.session.subscribe(takeStoredPair);
  setInterval(draw, 1000);

  function draw(): void {
    const pair = pairAtHand();
    if (!pair || document.visibilityState === 'hidden') return;
    const now = Date.now();
    access.show(
      tail(pair.accessToken),
      pair.expiresIn - (now - pair.usedAt) / 1000,
      pair.expiresIn,
      'if it is not used',
    );
    refresh.show(
      tail(pair.refreshToken),
      pair.refreshExpiresIn - (now - pair.issuedAt) / 1000,
      pair.refreshExpiresIn,
      'if the session is not renewed',
    );
  }
}

function whatHappened({ accessToken, refreshToken, sessionId, issuedAt }: Pair, before: Pair | null): string {
  const time = new Date(issuedAt).toLocaleTimeString();
  const [access, refresh] = [tail(accessToken), tail(refreshToken)];
  return before?.sessionId === sessionId
    ? `${time} renewed: access ${tail(before.accessToken)} became ${access}, refresh ${tail(before.refreshToken)} became ${refresh}.`
    : `${time} session began: access ${access}, refresh ${refresh}.`;
}

function timeLine(name: string): {
  readonly element: HTMLElement;
  readonly show: (what: string, left: number, whole: number, condition: string) => void;
} {
  const text = h('span', {}, `${name}: none yet`);
  const bar = h('progress', { max: 1, value: 0, 'aria-label': `${name}: time left` });
  return {
    element: h('div', { className: 'time-line' }, text, bar),
    show(what, left, whole, condition) {
      text.textContent = `${name} ${what} ends in ${duration(left)} ${condition}.`;
      bar.max = whole;
      bar.value = Math.max(0, left);
    },
  };
}
