import type { EntityManager } from 'typeorm';
import { createDataKey, generateKeyRing, KeyRing, open, seal } from '@countersign/crypto';
import { dataKeyAad } from './data-keys';
import { IdentityEntity } from './identity.entity';
import { restrictProfile, sealContent } from './profile-sealing';

const AAD = { table: 'identities', column: 'content', row: 'i1' };

/** Each `@ts-expect-error` is held by `npm run lint`: it fails when the line below compiles. */
describe('a personal column', () => {
  const { dataKey } = createDataKey(KeyRing.parse(JSON.stringify(generateKeyRing())), dataKeyAad('u1'));
  const sealed = seal(dataKey, AAD, 'Ada');

  it('takes no plain text by any way of TypeORM', async () => {
    const write = jest.fn();
    const tx = { update: write, insert: write, save: write, createQueryBuilder: () => tx, set: write };
    const manager = tx as unknown as EntityManager;
    const identity = new IdentityEntity();

    // @ts-expect-error -- plain text into a row
    identity.content = 'Ada';
    // @ts-expect-error -- plain text by an update
    await manager.update(IdentityEntity, { id: 'i1' }, { content: 'Ada' });
    // @ts-expect-error -- plain text by an insert
    await manager.insert(IdentityEntity, { id: 'i1', content: 'Ada' });
    // @ts-expect-error -- plain text by a save
    await manager.save(IdentityEntity, { content: 'Ada' });
    // @ts-expect-error -- plain text of any kind
    await manager.update(IdentityEntity, { id: 'i1' }, { content: 'Ada'.normalize() });
    // What is sealed compiles.
    await manager.update(IdentityEntity, { id: 'i1' }, { content: sealed });

    expect(write).toHaveBeenCalledTimes(5);
  });

  it('is not read without the data key of the person', () => {
    // @ts-expect-error -- the key is missing
    expect(() => open(undefined, AAD, sealed)).toThrow();
    // @ts-expect-error -- the associated data is missing
    expect(() => open(dataKey, undefined, sealed)).toThrow();
    // @ts-expect-error -- text that was not sealed
    expect(() => open(dataKey, AAD, 'Ada')).toThrow();
    const content = { subject: '1', profile: restrictProfile({}, new Set()), imported: null, aliases: [] };
    // @ts-expect-error -- the text of a key is no key
    expect(() => sealContent('key', 'i1', content)).toThrow();

    expect(open(dataKey, AAD, sealed)).toBe('Ada');
  });
});
