import type { SessionState } from '@countersign/client';
import { byId, h } from '../dom';
import { consoleUrl, countersign, launch, leave, me, newcomer, people, type Person } from '../me';
import { addSection } from '../section';

export function peopleSection(): void {
  const { body, action } = addSection(
    'people',
    'Choose a person',
    'The page opens again as Telegram opens a Mini App, with signed init data in its address, and the client signs in by itself.',
  );
  const state = h('p', { className: 'state' });
  const inConsole = h('p', {});
  const choices = people.map((person) => choice(person));
  body.append(
    h('div', { className: 'buttons', role: 'group', 'aria-label': 'People' }, ...choices, choice(null)),
    state,
    h(
      'div',
      { className: 'buttons' },
      action('Show my profile', async () => {
        const { userId, identities } = await countersign.call('GET', '/v1/me');
        return `You are account ${userId}, with ${identities.length === 1 ? 'one identity' : `${identities.length} identities`}.`;
      }),
      action('Sign out', async () => {
        await countersign.signOut();
        return 'Signed out. The init data of this launch is used up: choose a person for a new one.';
      }),
      action(
        'Open outside of Telegram',
        async () => {
          leave();
          return 'Opening …';
        },
        () => me !== null,
      ),
    ),
    inConsole,
  );
  const show = (): void => {
    const snapshot = countersign.session.getSnapshot();
    state.textContent = sentenceFor(snapshot);
    byId('who').textContent = `${me?.name ?? 'Outside of Telegram'}: ${snapshot.status}`;
    byId('who').dataset['status'] = snapshot.status;
    if (snapshot.status !== 'signed-in') inConsole.replaceChildren();
    else
      inConsole.replaceChildren(
        h(
          'a',
          { href: `${consoleUrl}/console#/people/${snapshot.userId}`, target: '_blank', rel: 'noopener' },
          'Open this person in the console',
        ),
        '. Sign in there by the link in the terminal of “npm start”.',
      );
  };
  countersign.session.subscribe(show);
  show();

  function choice(person: Person | null): HTMLButtonElement {
    const label = person?.name ?? 'A new person';
    const button = action(
      label,
      async () => {
        launch(person?.id ?? newcomer());
        return 'Opening …';
      },
      () => true,
    );
    button.setAttribute('aria-pressed', String(person !== null && person.id === me?.id));
    button.className = 'person';
    return button;
  }
}

function sentenceFor(state: SessionState): string {
  switch (state.status) {
    case 'loading':
      return 'Signing in …';
    case 'signed-in':
      return `Signed in as account ${state.userId}, ${state.isNewUser ? 'made just now' : 'known from before'}, assurance ${state.assurance}.`;
    case 'signed-out':
      return state.error
        ? `Signed out: ${state.error.code}.`
        : 'Signed out. The page has no init data, as outside of Telegram, or you signed out.';
    case 'relaunch-needed':
      return `A new launch is needed: ${state.reason}. Close the Mini App and open it again: choose yourself above.`;
    case 'unreachable':
      return 'The service does not answer. The page tries again when it is shown or online.';
  }
}
