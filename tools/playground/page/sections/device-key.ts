import { h } from '../dom';
import { countersign, deviceKeySwitch, launch, me } from '../me';
import { recordingFetch } from '../recorder';
import { addSection } from '../section';
import { pairAtHand } from '../tokens';

export function deviceKeySection(): void {
  const { body, action } = addSection(
    'device-key',
    'Device key',
    'With a key that never leaves this browser, stolen tokens are of no use elsewhere. It takes two launches: the first one makes and stores the key, the next one binds its session to it.',
  );
  const state = h('p', { className: 'state' });
  body.append(
    state,
    h(
      'div',
      { className: 'buttons' },
      action('1. Turn device keys on or off', async () => {
        deviceKeySwitch.set(!deviceKeySwitch.isOn());
        draw();
        return deviceKeySwitch.isOn()
          ? 'On. Do step 2 twice: the first launch makes the key, the second one uses it.'
          : 'Off from the next launch on.';
      }),
      action(
        '2. Open the Mini App anew',
        async () => {
          if (me) launch(me.id);
          return 'Opening …';
        },
        () => me !== null,
      ),
      action('3. Use my access token as a thief', async () => {
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
    const next = deviceKeySwitch.isOn() && !isBound ? ' One more launch binds it.' : '';
    state.textContent = `Device keys are ${deviceKeySwitch.isOn() ? 'on' : 'off'}. This session is ${isBound ? 'bound to one' : 'not bound'}.${next}`;
  }
}
