import { dpopRefusals } from './dpop-refusals';

describe('dpopRefusals', () => {
  it.each(Object.entries(dpopRefusals))('%s says what to do', (_, { title, remedy }) => {
    expect(title).toMatch(/^[A-Z].*[^.]$/);
    expect(remedy).toMatch(/^[A-Z].*\.$/);
  });
});
