import { QueryRunnerAlreadyReleasedError, QueryRunnerProviderAlreadyReleasedError } from 'typeorm';
import { isDatabaseAway } from './database.errors';

describe('whether a failure says that the database is away', () => {
  it.each([
    ['the connection of a transaction died', new QueryRunnerAlreadyReleasedError()],
    ['that of a read', new QueryRunnerProviderAlreadyReleasedError()],
    ['no connection in time', new Error('timeout expired')],
    ['nobody listens', Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })],
    ['it shuts down', Object.assign(new Error('terminating'), { code: '57P01' })],
    ['it is read-only during a failover', Object.assign(new Error('read-only'), { code: '25006' })],
    ['it has too many connections', Object.assign(new Error('too many clients'), { code: '53300' })],
    ['it ended an idle transaction', Object.assign(new Error('idle'), { code: '25P03' })],
    [
      'its queue of notifications is full',
      Object.assign(new Error('too many notifications'), { code: '54000' }),
    ],
  ])('it does: %s', (_, error) => {
    expect(isDatabaseAway(error)).toBe(true);
  });

  it.each([
    ['a statement that is wrong', Object.assign(new Error('syntax error'), { code: '42601' })],
    ['a row that is there already', Object.assign(new Error('duplicate key'), { code: '23505' })],
    ['a defect of ours', new TypeError('undefined is not a function')],
  ])('it does not: %s', (_, error) => {
    expect(isDatabaseAway(error)).toBe(false);
  });
});
