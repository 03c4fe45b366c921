import { h } from '../dom';
import { as, countersign, me, newcomer, people } from '../me';
import { addSection, isSignedIn } from '../section';

interface Invited {
  readonly teamId: string;
  readonly token: string;
}

export function teamsSection(): void {
  const { body, action } = addSection(
    'teams',
    'Teams',
    'Make a team, invite by a link, and accept as another person: a second client in this page signs in as that person.',
  );
  const name = h('input', {
    type: 'text',
    value: `Night Owls ${Math.floor(Math.random() * 10_000)}`,
    maxLength: 64,
  });
  const others = [...people.filter(({ id }) => id !== me?.id), newcomer()];
  const choice = h('select', {}, ...others.map((person) => h('option', {}, person.name)));
  const members = h('ul', { className: 'list', 'aria-label': 'Members' });
  let teamId: string | null = null;
  let invited: Invited | null = null;
  body.append(
    h('div', { className: 'buttons' }, h('label', {}, 'Name', name), h('label', {}, 'Who accepts', choice)),
    h(
      'div',
      { className: 'buttons' },
      action('1. Create', async () => {
        const team = await countersign.call('POST', '/v1/teams', { body: { name: name.value } });
        ({ teamId } = team);
        return `Team ${team.name} is there; you are its ${team.role ?? 'member'}.`;
      }),
      action(
        '2. Invite',
        async () => {
          if (teamId === null) return '';
          const { token } = await countersign.call('POST', '/v1/teams/{teamId}/invitations', {
            path: { teamId },
            body: { role: 'editor' },
          });
          invited = { teamId, token };
          return `The holder of the token ${token.slice(0, 6)}… may join as an editor.`;
        },
        () => isSignedIn() && teamId !== null,
      ),
      action(
        '3. Accept as the other',
        async () => {
          if (invited === null) return '';
          const { token } = invited;
          const guest = others[choice.selectedIndex] ?? newcomer();
          const { team } = await as(guest, (theirs) =>
            theirs.call('POST', '/v1/invitations/accept', { body: { token } }),
          );
          invited = null;
          return `${guest.name} has joined ${team.name}.`;
        },
        () => invited !== null,
      ),
      action(
        '4. Show the members',
        async () => {
          if (teamId === null) return '';
          const { items } = await countersign.call('GET', '/v1/teams/{teamId}/members', { path: { teamId } });
          members.replaceChildren(...items.map(({ userId, role }) => h('li', {}, `${role}: ${userId}`)));
          return `Members: ${items.length}.`;
        },
        () => isSignedIn() && teamId !== null,
      ),
    ),
    members,
  );
}
