import 'reflect-metadata';
import { AppError } from '@countersign/text';
import { Count, FlagInQuery, Id, Instant, Integer, ListOf, Matching, Nested, OneOf, Text } from './kinds';
import { readInput } from '../input/input';

const ID = '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11';
const later = ['team.left'];

class Link {
  @Text('An https URL.', 'https://example.com', { input: 'required', max: 30 })
  url: string;
}

class Request {
  @Id('The account.', ID, { input: 'optional' })
  userId?: string;

  @Id('The accounts.', [ID], { input: 'optional', list: { min: 1, max: 2, unique: true } })
  userIds?: string[];

  @Instant('When.', null, { input: 'optional' })
  since?: string;

  @OneOf(['active', 'closed'], 'Its state.', 'active', { input: 'optional' })
  status?: string;

  @OneOf(later, 'What happened.', 'team.created', { input: 'optional' })
  action?: string;

  @OneOf(later, 'What happened.', ['team.created'], { input: 'optional', list: { min: 1 } })
  actions?: string[];

  @Text('The name.', 'Ada', { input: 'removable', max: 3, pattern: /^\S+$/, message: 'must be a word' })
  name?: string | null;

  @Matching('The bot.', '7342', { input: 'optional', pattern: /^\d+$/, message: 'must be digits' })
  botId?: string;

  @Integer('Seconds.', 10, { input: 'optional', min: 5, max: 15 })
  seconds?: number;

  @FlagInQuery('Whether all end.', true)
  all?: string;

  @Nested(Link, 'The site.', { input: 'optional' })
  site?: Link;

  @ListOf(Link, 'Other sites.', { input: 'optional', list: { max: 1 } })
  links?: Link[];
}

function refusalOf(input: object): unknown {
  try {
    readInput(Request, input);
    return null;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return error.options.fields?.map(({ path, code }) => `${path} ${code}`);
  }
}

describe('a field of a request', () => {
  beforeAll(() => later.push('team.created'));

  it.each<[object]>([
    [{}],
    [{ userId: ID, userIds: [ID], since: '2026-11-02T09:30:00Z', status: 'closed', action: 'team.created' }],
    [{ actions: ['team.created'], name: null, botId: '1', seconds: 15, all: 'false' }],
    [{ name: 'Ada', site: { url: 'https://example.com' }, links: [{ url: 'https://example.com' }] }],
  ])('takes %j', (input) => {
    expect(refusalOf(input)).toBeNull();
  });

  it.each<[object, string]>([
    [{ userId: 'x' }, 'userId uuid'],
    [{ userId: null }, 'userId uuid'],
    [{ userIds: ID }, 'userIds array'],
    [{ userIds: [] }, 'userIds array_min_size'],
    [{ userIds: [ID, ID] }, 'userIds array_unique'],
    [{ userIds: ['x'] }, 'userIds uuid'],
    [{ since: '2026-11-02' }, 'since matches'],
    [{ since: '2026-13-02T09:30:00Z' }, 'since iso8601'],
    [{ status: 'gone' }, 'status in'],
    [{ action: 'team.gone' }, 'action in'],
    [{ actions: ['team.gone'] }, 'actions in'],
    [{ name: 1 }, 'name string'],
    [{ name: 'Adam' }, 'name max_length'],
    [{ name: 'a b' }, 'name matches'],
    [{ botId: 1 }, 'botId matches'],
    [{ seconds: 1.5 }, 'seconds int'],
    [{ seconds: 4 }, 'seconds min'],
    [{ all: true }, 'all in'],
    [{ site: 'x' }, 'site nested_validation'],
    [{ site: {} }, 'site.url string'],
    [{ links: [{ url: 1 }] }, 'links.0.url string'],
  ])('refuses %j as %s', (input, refusal) => {
    expect(refusalOf(input)).toEqual([refusal]);
  });
});

describe('a field of an answer', () => {
  const empty: string[] = [];
  class Answer {
    @OneOf(empty, 'Which.', ['a'], { list: {} })
    words: readonly string[];

    @Count('How many there are.', 3)
    count: number;

    @OneOf(later, 'What happened.', 'team.created', { name: 'Action' })
    action: string;
  }
  const documented = (property: string): unknown =>
    Reflect.getMetadata('swagger/apiModelProperties', Answer.prototype, property);

  it('is documented', () => {
    expect(documented('count')).toMatchObject({ type: 'integer', minimum: 0, example: 3 });
  });

  it('is documented with values that were registered later', () => {
    expect(documented('action')).toMatchObject({ enum: ['team.left', 'team.created'], enumName: 'Action' });
    expect(documented('words')).toMatchObject({ items: { type: 'string' } });
  });
});
