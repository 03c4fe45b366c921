import type { Person } from '../factories';
import { signInPerson } from './person-session';
import type { Demo, TestApp } from './test-app';

export interface SeparationBody {
  readonly lost: readonly { readonly what: string; readonly id: string | null }[];
}

/** The person signs in again, and separates the newest merge or link by which their identity came. */
export async function separate(app: TestApp, demo: Demo, person: Person): Promise<SeparationBody> {
  const session = await signInPerson(app, demo, person);
  const { body: listed } = await session.get('/v1/me/joins/separable');
  const [join] = (listed as { items: readonly { joinId: string; needsStepUp: boolean }[] }).items.filter(
    ({ needsStepUp }) => !needsStepUp,
  );
  const { status, text, body } = await session.post('/v1/me/separations', { joinId: join?.joinId });
  if (status !== 200) throw new Error(`a separation answered ${status}: ${text}`);
  return body as SeparationBody;
}
