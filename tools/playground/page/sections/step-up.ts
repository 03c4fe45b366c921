import { h } from '../dom';
import { countersign, relaunch } from '../me';
import { addSection, type Section } from '../section';
import { resumeAct, type ResumedAct, stepUp } from '@countersign/client/acts';

type Work = (act: ResumedAct) => Promise<string>;

const works = new Map<string, Work>();

/** Says how the act is done, when the person of a second instance confirms it. */
function onAct(act: string, work: Work): void {
  works.set(act, work);
}

/** Asks for a code; another tab opens with it. Says there what came of it. */
async function askFor(act: string, { say }: Section): Promise<string> {
  const asked = await stepUp(countersign, act, { openLink: relaunch });
  void asked
    .outcome()
    .then(async (outcome) => {
      // The act may have ended this session: a call tells the client.
      await countersign.call('GET', '/v1/me').catch(() => undefined);
      return outcome === 'done' ? 'It is done in the other tab.' : 'The code is over.';
    })
    .catch((error: unknown) => `This session knows no more: ${String(error)}.`)
    .then(say);
  return `“${asked.title}”: confirm it in the tab that opened with ${asked.link ?? `the code ${asked.code}`}.`;
}

/** The act of this launch, with what does it; `null` without one. */
function actOfLaunch(): { readonly act: ResumedAct; readonly work: () => Promise<string> } | null {
  const act = resumeAct(countersign);
  const work = act && works.get(act.act);
  return act && work ? { act, work: () => work(act) } : null;
}

export function stepUpSection(): void {
  const section = addSection(
    'step-up',
    'Take the data, delete the account',
    'What cannot be undone needs a confirmation in a launch of its own. The service gives a code for one act, the Mini App opens again with the code, and its sign-in brings a grant for one call.',
  );
  const { body, action } = section;
  const confirmation = h('div', { className: 'confirmation' });
  body.append(
    confirmation,
    h(
      'div',
      { className: 'buttons' },
      action('Export my data', () => askFor('account.export', section)),
      action('Delete my account', () => askFor('account.erase', section)),
    ),
  );
  onAct('account.export', async ({ call }) => {
    const data = await call('GET', '/v1/me/export');
    return `Exported: ${Object.keys(data).join(', ')}.`;
  });
  onAct('account.erase', async ({ call }) => {
    const { confirm, forfeit } = await countersign.call('GET', '/v1/me/erasure');
    const loss = `The keys of ${forfeit.length} wallet(s) are destroyed, with what is in them. Erase the account?`;
    if (forfeit.length > 0 && !window.confirm(loss)) return 'Nothing was done.';
    const query = {
      confirm,
      ...(forfeit.length > 0 ? { forfeit: forfeit.join() } : {}),
    };
    const answer = await call('DELETE', '/v1/me', { query });
    return answer ? `Your account is erased on ${answer.erasesAt}.` : 'Your account is erased.';
  });
  countersign.session.subscribe(show);
  show();

  /** Asks the person of a launch that carries a code. */
  function show(): void {
    const found = actOfLaunch();
    confirmation.replaceChildren();
    if (!found) return;
    const { act, work } = found;
    confirmation.append(
      h('p', { className: 'state' }, `You asked for this: ${act.title}.`),
      h(
        'div',
        { className: 'buttons' },
        action('Confirm', async () => {
          const said = await work();
          show();
          return said;
        }),
        action('I do not want it', async () => {
          act.drop();
          show();
          return 'Nothing was done.';
        }),
      ),
    );
  }
}
