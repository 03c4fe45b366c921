import fc from 'fast-check';
import { findCanaries } from '../support/search-bytes';

/** Of two letters, so that most of them occur somewhere. */
const bytes = (minLength: number, maxLength: number): fc.Arbitrary<Buffer> =>
  fc.array(fc.constantFrom(97, 98), { minLength, maxLength }).map((codes) => Buffer.from(codes));
const forms = fc.array(bytes(1, 12), { minLength: 1, maxLength: 3 });

describe('the search for canaries', () => {
  it('finds those of which a form is included, and no other', () => {
    fc.assert(
      fc.property(bytes(0, 200), fc.array(forms, { maxLength: 8 }), (haystack, lists) => {
        const canaries = new Map(lists.map((list, index) => [String(index), list]));
        const included = [...canaries].filter(([, list]) => list.some((form) => haystack.includes(form)));
        expect(findCanaries(haystack, canaries)).toEqual(included.map(([name]) => name));
      }),
      { numRuns: 500 },
    );
  });
});
