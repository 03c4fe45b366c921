// @own-modules
import { Body, Get, Injectable, Module, Put, Query } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Column, Entity, ForeignKey, LessThan, PrimaryColumn, type EntityManager } from 'typeorm';
import { AccountModule } from '@countersign/account';
import { AdminController, Operation, defineScopes } from '@countersign/admin';
import { AuditService, defineEvents } from '@countersign/audit';
import { Clock, plusSeconds } from '@countersign/runtime';
import { open, seal, type DataKey, type Sealed } from '@countersign/crypto';
import { Database, Personal, Recurring, RecurringJobs } from '@countersign/database';
import {
  ApiController,
  Id,
  Instant,
  PageQuery,
  Text,
  type Keyset,
  type Page,
  readPage,
  PageOf,
} from '@countersign/http';
import { Authenticated, Caller, SessionsModule, type Principal } from '@countersign/sessions';
import {
  HasAccountData,
  UsersModule,
  UsersService,
  type AccountData,
  type ExportedRows,
  type Merged,
  type MergePair,
  type OwnedRows,
  userFields,
} from '@countersign/users';
import { mergeAccounts, settleAttachments } from '../support/accounts';
import type { ExportBody } from '../support/export-schema';
import { anOperator } from '../support/operator';
import { signInOpenWeb3, signInPerson } from '../support/person-session';
import { eventsOf, subscribe, unsubscribe } from '../support/told-events';
import { useApplication, useOpenWeb3Bot, useTestApp } from '../support/use-test-app';

const { userId } = userFields;

const DAY = 86_400;

/** 0. Its words, in `toys.feature.ts`. They are plain data: no list of another lib names them. */
const toyScopes = defineScopes({ toysRead: ['toys:read', 'Read whether people have toys'] });
const toyEvents = defineEvents({
  named: { name: 'toy.named', meaning: 'A toy was named', orderedBy: 'userId', fields: { userId } },
});
/** 1. The migration: `up` of `libs/platform/database/src/migrations/<milliseconds>-toys.ts`. */
const up = [
  `CREATE TABLE toys (
    user_id uuid NOT NULL,
    name text NOT NULL,
    kind text NOT NULL DEFAULT 'bear',
    given_at timestamptz NOT NULL,
    CONSTRAINT pk_toys PRIMARY KEY (user_id),
    CONSTRAINT fk_toys_user FOREIGN KEY (user_id) REFERENCES users (id)
  )`,
  'CREATE INDEX ix_toys_given_at ON toys (given_at)',
];

/** 2. The entity. A personal field is sealed under the person's key, and has a row in docs/privacy.md. */
@Entity('toys')
class ToyEntity {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_toys' })
  @ForeignKey('UserEntity', { name: 'fk_toys_user' })
  userId: string;

  @Personal()
  @Column({ type: 'text' })
  name: Sealed;

  @Column({ type: 'timestamptz' })
  givenAt: Date;
}

/** 3. Queries, nothing else. */
@Injectable()
class ToysRepository {
  find(manager: EntityManager, userId: string): Promise<ToyEntity | null> {
    return manager.findOneBy(ToyEntity, { userId });
  }

  /** By account, newest first, and one more than the limit, which tells that there is a next page. */
  list(manager: EntityManager, { afterId, limit: wanted }: Keyset): Promise<readonly ToyEntity[]> {
    return manager.find(ToyEntity, {
      where: afterId === null ? {} : { userId: LessThan(afterId) },
      order: { userId: 'DESC' },
      take: wanted + 1,
    });
  }

  async save(tx: EntityManager, toy: ToyEntity): Promise<void> {
    await tx.upsert(ToyEntity, toy, ['userId']);
  }

  async deleteBefore(tx: EntityManager, before: Date): Promise<number> {
    return (await tx.delete(ToyEntity, { givenAt: LessThan(before) })).affected ?? 0;
  }
}

const placeOf = (row: string) => ({ table: 'toys', column: 'name', row });

/** 4. The rules. */
@Injectable()
class ToysService {
  constructor(
    private readonly database: Database,
    private readonly toys: ToysRepository,
    private readonly users: UsersService,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  async nameOf(userId: string): Promise<string | null> {
    const toy = await this.database.read((manager) => this.toys.find(manager, userId));
    return toy && open(await this.users.getDataKey(userId), placeOf(userId), toy.name);
  }

  list(keyset: Keyset): Promise<readonly ToyEntity[]> {
    return this.database.read((manager) => this.toys.list(manager, keyset));
  }

  async rename({ userId, applicationId, sessionId }: Principal, name: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      await this.users.lock(tx, userId);
      const event = { userId };
      await this.audit.record(tx, toyEvents.named, { actor: `session:${sessionId}`, applicationId, event });
      await this.give(tx, { userId, dataKey: await this.users.getDataKey(userId, tx) }, name);
    });
  }

  /** The caller has locked the user. */
  async give(
    tx: EntityManager,
    { userId, dataKey }: { readonly userId: string; readonly dataKey: DataKey },
    name: string,
  ): Promise<void> {
    const givenAt = this.clock.now();
    await this.toys.save(tx, { userId, name: seal(dataKey, placeOf(userId), name), givenAt });
  }
}

/** 5. Requests in, responses out. */
class ToyRequest {
  @Text('The name of the toy.', 'Bear', { input: 'required', max: 64 })
  name: string;
}

class ToyResponse {
  @Text('The name of the toy.', 'Bear', { nullable: true })
  name: string | null;
}

/** 6. The routes of people, one line each. */
@ApiController('v1/me/toy', 'Toys')
class ToyController {
  constructor(private readonly toys: ToysService) {}

  @Get()
  @Authenticated('readToy', ToyResponse, 'Read the own toy')
  async read(@Caller() { userId }: Principal): Promise<ToyResponse> {
    return { name: await this.toys.nameOf(userId) };
  }

  @Put()
  @Authenticated('renameToy', null, 'Name the own toy')
  async rename(@Caller() caller: Principal, @Body() { name }: ToyRequest): Promise<void> {
    await this.toys.rename(caller, name);
  }
}

class AdminToyResponse {
  @Id('The account.', '0199a3c6-7f2d-74c1-b1a5-6f9f0e3d2c10')
  userId: string;

  @Instant('When it was given.')
  givenAt: string;

  static of({ userId, givenAt }: ToyEntity): AdminToyResponse {
    return { userId, givenAt: givenAt.toISOString() };
  }
}

class AdminToyPageResponse extends PageOf(AdminToyResponse, 'Newest accounts first.') {}

/** 7. The resource of the administration API, without personal fields. */
@AdminController('toys', 'Toys')
class AdminToysController {
  constructor(private readonly toys: ToysService) {}

  @Get()
  @Operation('listToys', toyScopes.toysRead, AdminToyPageResponse, 'List toys, newest accounts first')
  async list(@Query() query: PageQuery): Promise<AdminToyPageResponse> {
    return readPage(
      query,
      AdminToyResponse,
      (keyset) => this.toys.list(keyset),
      ({ userId }) => userId,
    );
  }
}

/** 8. What happens to the data when the account is merged, exported or erased. */
@Injectable()
@HasAccountData('others')
class ToysPart implements AccountData {
  /** Each is sealed under the key of its person: `merge` gives it. */
  readonly owned: readonly OwnedRows[] = [{ table: 'toys', key: [], leave: true, erase: 'delete' }];
  readonly exported: readonly ExportedRows[] = [
    {
      name: 'toys',
      meaning: 'The toy.',
      retention: 'For a year.',
      sql: 'SELECT user_id AS cursor, name, given_at FROM toys WHERE user_id = $1',
      itemOf: (toy: { readonly name: Sealed }, { userId, dataKey }) => ({
        ...toy,
        name: open(dataKey, placeOf(userId), toy.name),
      }),
    },
  ];

  constructor(
    private readonly toys: ToysRepository,
    private readonly service: ToysService,
  ) {}

  /** The survivor's own toy stays. */
  async merge(tx: EntityManager, { survivor, loser }: MergePair): Promise<Merged> {
    const [own, other] = [await this.toys.find(tx, survivor.userId), await this.toys.find(tx, loser.userId)];
    if (!own && other)
      await this.service.give(tx, survivor, open(loser.dataKey, placeOf(loser.userId), other.name));
    return {};
  }
}

/** 9. The end of its time. */
@Injectable()
@Recurring({
  name: 'toy-upkeep',
  cron: '7 4 * * *',
  everyMinutes: 1_440,
  removes: { toys: 'a year' },
})
class ToyUpkeep {
  constructor(
    private readonly database: Database,
    private readonly toys: ToysRepository,
    private readonly clock: Clock,
  ) {}

  run(): Promise<number> {
    return this.database.transaction((tx) =>
      this.toys.deleteBefore(tx, plusSeconds(this.clock.now(), -365 * DAY)),
    );
  }
}

/** 10. The module, which `features.ts` of `apps/api` loads. */
@Module({
  imports: [TypeOrmModule.forFeature([ToyEntity]), AccountModule, SessionsModule, UsersModule],
  controllers: [ToyController, AdminToysController],
  providers: [ToysPart, ToysRepository, ToysService, ToyUpkeep],
  exports: [ToysService],
})
class ToysModule {
  static readonly defines = { events: toyEvents, scopes: toyScopes };
}

describe('a new module', () => {
  const app = useTestApp({ modules: [ToysModule], environment: { ERASURE_DAYS: '0' } });
  const demo = useApplication(app);
  const im = useOpenWeb3Bot(app, demo);

  beforeAll(async () => {
    for (const statement of up) await app.database.query(statement);
  });

  const stored = () => app.database.query<{ name: string }>('SELECT name FROM toys');

  it('has routes, whose personal field is sealed', async () => {
    const person = await signInPerson(app, demo);

    expect((await person.put('/v1/me/toy', { name: 'Bear' })).status).toBe(204);

    expect((await person.get('/v1/me/toy')).body).toEqual({ name: 'Bear' });
    expect(JSON.stringify(await stored())).not.toContain('Bear');
    expect((await person.put('/v1/me/toy', { name: 'x'.repeat(65) })).status).toBe(400);
  });

  it('audits and announces by its own words', async () => {
    await subscribe(app.database, ['toy.named']);
    const { userId, put } = await signInPerson(app, demo);

    await put('/v1/me/toy', { name: 'Bear' });

    expect(await eventsOf(app.database)).toMatchObject([
      { type: 'toy.named', subject: userId, data: { userId } },
    ]);
    await unsubscribe(app.database);
    const reader = await anOperator(app, ['audit:read']);
    const { items } = (await reader.get('/v1/admin/audit?action=toy.named')).body as {
      readonly items: readonly object[];
    };
    expect(items[0]).toMatchObject({ action: 'toy.named', applicationId: demo.applicationId });
  });

  /** Two people with toys, and the toys as operators see them, newest accounts first. */
  const twoToys = async (): Promise<readonly AdminToyResponse[]> => {
    await app.database.query('DELETE FROM toys');
    const people = [await signInPerson(app, demo), await signInPerson(app, demo)];
    for (const person of people) await person.put('/v1/me/toy', { name: 'Bear' });
    const givenAt = app.clock.now().toISOString();
    return people
      .map(({ userId }) => ({ userId, givenAt }))
      .toSorted((one, other) => (one.userId < other.userId ? 1 : -1));
  };

  it('has a list of the administration API, page by page, by scope', async () => {
    const [newest, oldest] = await twoToys();
    const [reader, other] = [await anOperator(app, ['toys:read']), await anOperator(app, ['jobs:read'])];

    const first = (await reader.get('/v1/admin/toys?limit=1')).body as Page<AdminToyResponse>;
    expect(first).toEqual({ items: [newest], nextCursor: expect.any(String) as string });
    const second = await reader.get(`/v1/admin/toys?limit=1&cursor=${first.nextCursor}`);
    expect(second.body).toEqual({ items: [oldest], nextCursor: null });
    expect((await other.get('/v1/admin/toys')).status).toBe(403);
  });

  it('has a part of the account: merged, exported and erased', async () => {
    const person = await signInPerson(app, demo);
    const other = await signInOpenWeb3(app, im);
    await other.put('/v1/me/toy', { name: 'Duck' });
    await mergeAccounts(app, demo, person, other);

    expect((await person.get('/v1/me/toy')).body).toEqual({ name: 'Duck' });
    await person.stepUp();
    const { sections } = JSON.parse((await person.get('/v1/me/export')).text) as ExportBody;
    expect(sections['toys']?.items).toEqual([{ name: 'Duck', givenAt: app.clock.now().toISOString() }]);
    const before = (await stored()).length;
    await settleAttachments(app);
    expect((await person.delete(`/v1/me?confirm=${person.userId}`)).status).toBe(204);
    expect(await stored()).toHaveLength(before - 1);
  });

  it('has a job', async () => {
    const person = await signInPerson(app, demo);
    await person.put('/v1/me/toy', { name: 'Bear' });
    const job = app.nest.get(RecurringJobs).all.find(({ name }) => name === 'toy-upkeep');
    expect(await job?.run()).toBe(0);
    const count = (await stored()).length;
    await app.database.query(`UPDATE toys SET given_at = given_at - interval '366 days'`);

    expect(await job?.run()).toBe(count);
  });
});
