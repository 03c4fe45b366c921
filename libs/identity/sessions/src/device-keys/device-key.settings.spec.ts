import 'reflect-metadata';
import { ApplicationSettings } from '@countersign/applications';
import { readInput } from '@countersign/http';
import '../sessions.feature';

describe('the settings of device keys', () => {
  it.each(['required', 'nonceRequired'])('have no value of a later version in %s', (name) => {
    expect(readInput(ApplicationSettings, { deviceKey: { [name]: true } }).deviceKey).toMatchObject({
      [name]: true,
    });
    expect(() => readInput(ApplicationSettings, { deviceKey: { [name]: 'for-merging' } })).toThrow(
      expect.objectContaining({ code: 'request.invalid' }),
    );
  });
});
