import { h } from '../dom';
import { apart, countersign, initDataOf } from '../me';
import { newcomerPicker } from '../person-picker';
import { addSection } from '../section';

export function referralsSection(): void {
  const { body, action } = addSection(
    'referrals',
    'Referrals',
    'Each person has a code, and a link that opens the Mini App with it. A person who first signs in by the link is bound to its owner for good; for a person who is here already, the code is ignored.',
  );
  const guest = newcomerPicker('Who opens the link');
  const links = h('ul', { className: 'list', 'aria-label': 'My links' });
  const levels = h('ul', { className: 'list', 'aria-label': 'People by level' });
  body.append(
    guest.element,
    h(
      'div',
      { className: 'buttons' },
      action('1. Show my code', async () => {
        const { code, links: found } = await countersign.call('GET', '/v1/me/referral-code');
        links.replaceChildren(...found.map(({ startapp }) => h('li', {}, startapp)));
        return `Your code is ${code}.`;
      }),
      action('2. Sign in by it as the other', async () => {
        const { code } = await countersign.call('GET', '/v1/me/referral-code');
        const { id, name } = guest.chosen();
        const initData = await initDataOf(id, `r_${code}`);
        const { referral } = await apart(name, (theirs) =>
          theirs.signIn({ with: 'telegram/init-data', initData }),
        );
        return referral?.outcome === 'bound'
          ? `${name} is bound to you.`
          : `${name} is signed in, and the code is ignored: ${referral?.code ?? 'no answer about it'}.`;
      }),
      action('3. Show my counts', async () => {
        const { total, levels: found } = await countersign.call('GET', '/v1/me/referrals');
        const shown = found.filter(({ count }) => count > 0);
        levels.replaceChildren(
          ...shown.map(({ level, count }) => h('li', {}, `Level ${level}: ${people(count)}`)),
        );
        return `You brought ${people(total)}, those included whom they brought.`;
      }),
      action('4. List the people of level 1', async () => {
        const { items } = await countersign.call('GET', '/v1/me/referrals/people', { query: { level: 1 } });
        return `${people(items.length)}. Names appear only for people whose profile is public.`;
      }),
    ),
    links,
    levels,
  );
}

function people(count: number): string {
  return count === 1 ? '1 person' : `${count} people`;
}
