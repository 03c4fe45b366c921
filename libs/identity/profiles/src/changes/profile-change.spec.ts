import { mapOwnFields, type FieldSettings, type OwnField, type Visibility } from '../fields/own-field';
import { changeFields, fillFields } from './profile-change';

const [HERE, THERE] = ['here', 'there'];
const NONE = mapOwnFields(() => null);
const weak = { assurance: 'bot-token', applicationId: HERE } as const;
const strong = { assurance: 'platform', applicationId: THERE } as const;

function known(texts: Partial<Record<OwnField, string>>, settings: FieldSettings) {
  return { texts: { ...NONE, ...texts }, settings };
}

function change(
  values: Partial<Record<OwnField, string | null>>,
  shown: Partial<Record<OwnField, Visibility>> = {},
) {
  return {
    values: new Map(Object.entries(values) as [OwnField, string | null][]),
    visibilities: new Map(Object.entries(shown) as [OwnField, Visibility][]),
  };
}

describe('a change of own fields', () => {
  it('remembers the session that set a field, and keeps the other fields', () => {
    const before = known({ email: 'a@b.example' }, { email: { visibility: 'private', ...weak } });

    expect(changeFields(before, change({ displayName: 'Ada' }), strong)).toEqual({
      ok: true,
      value: {
        texts: { ...NONE, email: 'a@b.example', displayName: 'Ada' },
        settings: {
          email: { visibility: 'private', ...weak },
          displayName: { visibility: 'private', ...strong },
        },
        changed: ['displayName'],
      },
    });
  });

  const strongName = known({ displayName: 'Ada' }, { displayName: { visibility: 'private', ...strong } });

  it.each([
    ['another value', change({ displayName: 'Eve' })],
    ['the same value, which would reveal it', change({ displayName: 'Ada' })],
    ['none', change({ displayName: null })],
    ['another visibility', change({}, { displayName: 'public' })],
  ])('by a weaker session is refused: %s', (_, wanted) => {
    expect(changeFields(strongName, wanted, weak)).toEqual({ ok: false, code: 'too_weak' });
  });

  it('makes the value of a stronger session private, also where a weaker one had made it public', () => {
    const before = known({}, { email: { visibility: 'public', ...weak } });

    const after = changeFields(before, change({ email: 'a@b.example' }), strong);

    expect(after).toMatchObject({ value: { settings: { email: { visibility: 'private', ...strong } } } });
  });

  it('keeps the visibility that a session as strong had chosen', () => {
    const before = known({ email: 'a@b.example' }, { email: { visibility: 'public', ...weak } });

    const after = changeFields(before, change({ email: 'c@d.example' }), weak);

    expect(after).toMatchObject({ value: { settings: { email: { visibility: 'public' } } } });
  });
});

describe('the fields of two accounts that merge', () => {
  it('are the survivor’s, and the loser’s where the survivor has none', () => {
    const survivor = known({ displayName: 'Ada' }, { displayName: { visibility: 'public', ...strong } });
    const loser = known(
      { displayName: 'Eve', phone: '+4930123456' },
      {
        displayName: { visibility: 'private', ...weak },
        phone: { visibility: 'application', ...weak },
      },
    );

    expect(fillFields(survivor, loser)).toEqual(
      known(
        { displayName: 'Ada', phone: '+4930123456' },
        {
          displayName: { visibility: 'public', ...strong },
          phone: { visibility: 'application', ...weak },
        },
      ),
    );
  });
});
