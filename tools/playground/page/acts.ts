import { resumeAct, stepUp, type ResumedAct } from '@countersign/client/acts';
import { countersign, relaunch } from './me';
import type { Section } from './section';

type Work = (act: ResumedAct) => Promise<string>;

const works = new Map<string, Work>();

/** Says how the act is done, when the person of a second instance confirms it. */
export function onAct(act: string, work: Work): void {
  works.set(act, work);
}

/** Asks for a code; another tab opens with it. Says there what came of it. */
export async function askFor(act: string, { say }: Section): Promise<string> {
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
export function actOfLaunch(): { readonly act: ResumedAct; readonly work: () => Promise<string> } | null {
  const act = resumeAct(countersign);
  const work = act && works.get(act.act);
  return act && work ? { act, work: () => work(act) } : null;
}
