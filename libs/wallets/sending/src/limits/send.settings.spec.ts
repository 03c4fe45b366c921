import { validateSync } from 'class-validator';
import { SendSettings } from './send.settings';

const CHAIN = 'eip155:31337';
const TOKEN = `0x${'11'.repeat(20)}`;

describe('a refused setting of sends', () => {
  it.each<readonly [keyof SendSettings, unknown, string]>([
    [
      'compatPerDay',
      [`${CHAIN}/coin/1.5`],
      'must be texts `<CAIP-2>/coin/<amount>` or `<CAIP-2>/<token in lower case>/<amount>`, in the smallest unit',
    ],
    ['compatPerDay', [`${CHAIN}/${TOKEN}/1`, `${CHAIN}/${TOKEN}/2`], 'must have each coin and token once'],
  ])('says of %s %j what it has to be', (name, value, message) => {
    const [error, ...others] = validateSync(Object.assign(new SendSettings(), { [name]: value }));

    expect([error?.property, Object.values(error?.constraints ?? {}), others]).toEqual([name, [message], []]);
  });
});
