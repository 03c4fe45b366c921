import { h } from '../dom';
import { countersign, deviceKeySwitch, launch, me } from '../me';
import { recordingFetch } from '../recorder';
import { addSection } from '../section';
import { pairAtHand } from '../tokens';

export function deviceKeySection(): void {
  const { body, action } = addSection(
    'device-key',
    'Device key',
    'With a key that never leaves this browser, stolen tokens are of no use elsewhere. The first launch makes and stores the key; the next one finds it there, and binds its session.',
  );
  const state = h('p', { className: 'state' });
  body.append(
    state,
    h(
      'div',
      { className: 'buttons' },
      action('Turn device keys on or off', async () => {
        deviceKeySwitch.set(!deviceKeySwitch.isOn());
        draw();
        return deviceKeySwitch.isOn()
          ? 'On. Open the Mini App anew, twice: the key is made, then used.'
          : 'Off from the next launch on.';
      }),
      action('Open the Mini App anew', async () => {
        if (!me) return 'Choose a person first.';
        launch(me.id);
        return 'Opening …';
      }),
      action('Use my access token as a thief', async () => {
        const pair = pairAtHand();
        if (!pair) return 'No token has been seen since the page was opened: open the Mini App anew.';
        const answer = await recordingFetch('the thief')('/v1/me', {
          headers: { authorization: `${pair.tokenType} ${pair.accessToken}` },
        });
        return answer.ok
          ? 'It works: an unbound token is good for every holder.'
          : 'Refused: the thief has the token, and not the key.';
      }),
    ),
  );
  countersign.session.subscribe(draw);
  draw();

  function draw(): void {
    const session = countersign.session.getSnapshot();
    const isBound = session.status === 'signed-in' && session.isBound;
    state.textContent = `Device keys are ${deviceKeySwitch.isOn() ? 'on' : 'off'}. This session is ${isBound ? 'bound to one' : 'not bound'}.`;
  }
}
