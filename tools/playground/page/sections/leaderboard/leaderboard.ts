import type { Countersign } from '@countersign/client';
import { h } from '../../dom';
import { as, asked, countersign, me } from '../../me';
import { anyonePicker } from '../../person-picker';
import { addSection } from '../../section';
import { Polling } from './polling';
import { readRanks, type Ranks, type Season, type Wanted } from './ranks';
import { ranksView } from './view';
import { failureOf, seasonOf, standingOf } from './words';

/** Three reads each time: 300 in five minutes, of the 6,000 that `rateLimits.read` allows a person. */
const EVERY_MS = 3000;

interface Boards {
  readonly boards: readonly { readonly boardId: string; readonly name: string }[];
}

export async function leaderboardSection(): Promise<void> {
  const { body, action, say } = addSection(
    'leaderboard',
    'Leaderboard',
    'Ranks by scores that the server of a game sends. Here the playground stands for that server: it throws the dice, and counts them. A page cannot send a score.',
  );
  const board = h('select');
  const season = h('select', {}, seasonOption(null));
  const thrower = anyonePicker('Who throws');
  const follow = h('button', { type: 'button' }, 'Follow the board');
  const standing = h('p', { className: 'state', role: 'status' }, 'Follow the board to see ranks.');
  const age = h('p', { className: 'age' });
  const tables = h('div', { className: 'ranks' });
  const polling = new Polling(refresh);
  let isFollowed = false;
  let currentId: string | null = null;
  body.append(
    h('div', { className: 'buttons' }, h('label', {}, 'Board', board), h('label', {}, 'Season', season)),
    h(
      'div',
      { className: 'buttons' },
      follow,
      action('Close the season, as an operator', () => closeSeason(board.value)),
    ),
    h('div', { className: 'buttons' }, thrower.element, action('Throw the dice', throwDice)),
    standing,
    age,
    tables,
  );
  follow.addEventListener('click', () => setFollowed(!isFollowed));
  board.addEventListener('change', () => {
    season.replaceChildren(seasonOption(null));
    currentId = null;
    setFollowed(isFollowed);
  });
  season.addEventListener('change', () => setFollowed(isFollowed));
  const { boards } = await asked<Boards>('/playground/boards');
  board.append(...boards.map(({ boardId, name }) => h('option', { value: boardId }, name)));

  function setFollowed(isOn: boolean): void {
    isFollowed = isOn;
    follow.textContent = isOn ? 'Stop following' : 'Follow the board';
    if (isOn) return void polling.start();
    polling.stop();
    age.textContent = 'Not followed now.';
  }

  function wanted(): Wanted {
    const session = countersign.session.getSnapshot();
    if (session.status !== 'signed-in') throw new Error('Choose a person under “Sign in” first.');
    return { boardId: board.value, seasonId: season.value || null, userId: session.userId };
  }

  async function refresh(): Promise<number | null> {
    try {
      const asking = wanted();
      const ranks = await readRanks(asking);
      if (!isFollowed) return null;
      if (board.value !== asking.boardId || (season.value || null) !== asking.seasonId) return 0;
      return show(ranks, asking);
    } catch (error) {
      const { text, againInMs } = failureOf(error);
      setText(standing, text);
      if (againInMs === null) setFollowed(false);
      else age.textContent = `Asked again in ${againInMs / 1000} s.`;
      return againInMs;
    }
  }

  /** @returns milliseconds until the ranks are old; `null` for final ones */
  function show(ranks: Ranks, asking: Wanted): number | null {
    const isFinal = seasonOf(ranks)?.closedAt != null;
    if (asking.seasonId === null) {
      if (currentId !== null && currentId !== ranks.seasonId)
        say(`The season is closed. This is season ${seasonOf(ranks)?.number}.`);
      currentId = ranks.seasonId;
    }
    showSeasons(ranks.seasons);
    setText(standing, standingOf(ranks, asking));
    const time = new Date(ranks.asOf).toLocaleTimeString();
    age.textContent = `As of ${time}.${isFinal ? '' : ` Asked again every ${EVERY_MS / 1000} s, while the page is shown.`}`;
    tables.replaceChildren(...ranksView(ranks, asking));
    return isFinal ? null : EVERY_MS;
  }

  function showSeasons(seasons: readonly Season[]): void {
    const options = [null, ...seasons.filter(({ closedAt }) => closedAt !== null)].map(seasonOption);
    const { value } = season;
    if (
      options.map((option) => option.value).join() === [...season.options].map((shown) => shown.value).join()
    )
      return;
    season.replaceChildren(...options);
    season.value = value;
  }

  async function throwDice(): Promise<string> {
    const person = thrower.chosen();
    const boardId = board.value;
    const dice = await (person.id === me?.id
      ? diceOf(countersign, boardId)
      : as(person, (theirs) => diceOf(theirs, boardId)));
    if (isFollowed) void polling.start();
    return `${person.name} threw ${dice.join(', ')}.`;
  }
}

async function diceOf(client: Countersign, boardId: string): Promise<readonly number[]> {
  const answer = await client.fetch('/playground/dice', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ boardId }),
  });
  if (!answer.ok) throw new Error(`The gateway refused with ${answer.status}.`);
  return ((await answer.json()) as { readonly dice: readonly number[] }).dice;
}

async function closeSeason(boardId: string): Promise<string> {
  const { season, calendar } = await countersign.call('GET', '/v1/boards/{boardId}', { path: { boardId } });
  if (calendar !== 'by-hand') return 'The seasons of this board end by the calendar.';
  await asked('/playground/close-season', { boardId, seasonId: season.seasonId });
  return `Season ${season.number} is closed: its ranks are final. The next one has begun.`;
}

function seasonOption(season: Season | null): HTMLOptionElement {
  if (season === null) return h('option', { value: '' }, 'The current one');
  return h('option', { value: season.seasonId }, `Season ${season.number}, closed`);
}

/** A screen reader reads a changed text only. */
function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
