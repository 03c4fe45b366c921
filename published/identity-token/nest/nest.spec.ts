import { Controller, Get, Logger, Module, UseGuards } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import type { IdentityToken } from '../src';
import { getFrom } from '../testing/served/served';
import { aKey, aTokenOf, TestIssuer } from '../testing/test-issuer';
import {
  IdentityCaller,
  IdentityTokenGuard,
  IdentityTokenModule,
  RequireAuth,
  type AuthRequirements,
} from '.';

@Controller('orders')
@UseGuards(IdentityTokenGuard)
class OrdersController {
  @Get()
  list(@IdentityCaller() caller: IdentityToken): object {
    return { userId: caller.userId, scopes: caller.scopes };
  }

  @Get('all')
  @RequireAuth({ scopes: ['orders:read', 'orders:all'] })
  listAll(): string {
    return 'all';
  }
}

/** Names no guard besides the scopes. */
@Controller('reports')
@RequireAuth({ scopes: ['orders:read'] })
class ReportsController {
  @Get()
  read(@IdentityCaller() caller: IdentityToken): object {
    return { userId: caller.userId };
  }

  @Get('refunds')
  @RequireAuth({ leastAssurance: 'platform' })
  refunds(): string {
    return 'refunds';
  }

  @Get('written')
  @RequireAuth({ scopes: ['orders:write'] })
  write(): string {
    return 'written';
  }
}

@Controller('open')
class OpenController {
  @Get()
  read(@IdentityCaller() caller: IdentityToken): object {
    return caller;
  }
}

@Module({ controllers: [OrdersController, ReportsController, OpenController] })
class ShopModule {}

const key = aKey('key-1');

let issuer: TestIssuer;
let app: NestFastifyApplication;

beforeEach(async () => {
  issuer = new TestIssuer();
  issuer.published = [key.jwk];
  await issuer.start();
  const module = await Test.createTestingModule({
    imports: [
      ShopModule,
      IdentityTokenModule.forRoot({ issuer: issuer.url, audience: 'shop', now: () => issuer.now }),
    ],
  }).compile();
  Logger.overrideLogger(false);
  app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
  await app.listen(0, '127.0.0.1');
});
afterEach(async () => {
  await app.close();
  await issuer.stop();
});

/** Headers as they go over the wire: name, value, name, value. */
async function get(path: string, ...headers: string[]): Promise<{ status: number; body: unknown }> {
  const { status, body } = await getFrom(app.getHttpServer(), path, headers);
  return { status, body };
}

function tokenWith(claims: Record<string, unknown> = {}): Promise<string> {
  return aTokenOf(key, issuer.claims(claims));
}

describe('IdentityTokenGuard', () => {
  it('says who calls', async () => {
    expect(await get('/orders', 'x-identity-token', await tokenWith())).toEqual({
      status: 200,
      body: { userId: 'user-1', scopes: ['orders:read', 'orders:write'] },
    });
  });

  it.each<[string, (token: string) => string[], string]>([
    ['none', () => [], 'missing'],
    ['an empty one', () => ['X-Identity-Token', ''], 'missing'],
    ['one under another name', (token) => ['X_Identity_Token', token], 'missing'],
    ['one as a bearer token', (token) => ['Authorization', `Bearer ${token}`], 'missing'],
    ['two', (token) => ['X-Identity-Token', token, 'x-identity-token', token], 'malformed'],
    [
      'an empty one and a good one',
      (token) => ['X-Identity-Token', '', 'X-IDENTITY-TOKEN', token],
      'malformed',
    ],
  ])('refuses %s', async (_, headersWith, code) => {
    const answer = await get('/orders', ...headersWith(await tokenWith()));

    expect(answer).toMatchObject({ status: 401, body: { code: `identity_token.${code}` } });
  });

  it('says how to authenticate, what is insufficient, and when to come back', async () => {
    const headersOf = async (path: string, token?: string): Promise<unknown[]> => {
      const sent = token === undefined ? [] : ['X-Identity-Token', token];
      const { headers } = await getFrom(app.getHttpServer(), path, sent);
      return [headers['www-authenticate'], headers['retry-after']];
    };
    const challenge = 'Bearer realm="countersign"';
    const token = await tokenWith({ acr: 'vendor' });

    expect(await headersOf('/orders')).toEqual([challenge, undefined]);
    expect(await headersOf('/orders', 'x.y.z')).toEqual([`${challenge}, error="invalid_token"`, undefined]);
    expect(await headersOf('/orders/all', token)).toEqual([
      `${challenge}, error="insufficient_scope", scope="orders:read orders:all"`,
      undefined,
    ]);
    expect(await headersOf('/reports/refunds', token)).toEqual([undefined, undefined]);
    issuer.wait(3_600 * 25);
    await issuer.stop();
    expect(await headersOf('/orders', await tokenWith())).toEqual([undefined, '5']);
  });
});

describe('@RequireAuth()', () => {
  it('lets pass who has all scopes, and no other one', async () => {
    const has = async (scope: string) => get('/orders/all', 'x-identity-token', await tokenWith({ scope }));

    expect(await has('orders:all orders:read')).toEqual({ status: 200, body: 'all' });
    expect(await has('orders:rea orders:all')).toMatchObject({
      ...{ status: 403, body: { code: 'identity_token.insufficient_scope' } },
    });
  });

  it('needs no other guard, and adds up with what its controller requires', async () => {
    const reader = await tokenWith({ scope: 'orders:read' });
    const writer = await tokenWith({ scope: 'orders:write' });
    const both = await tokenWith({ scope: 'orders:write orders:read' });

    expect(await get('/reports')).toMatchObject({ status: 401 });
    expect(await get('/reports', 'x-identity-token', reader)).toMatchObject({ status: 200 });
    expect(await get('/reports/written', 'x-identity-token', reader)).toMatchObject({ status: 403 });
    expect(await get('/reports/written', 'x-identity-token', writer)).toMatchObject({ status: 403 });
    expect(await get('/reports/written', 'x-identity-token', both)).toMatchObject({ status: 200 });
  });

  it.each([
    ['platform', 200],
    ['vendor', 403],
    [undefined, 403],
  ])('answers who has the assurance %p with %i', async (acr, status) => {
    const answer = await get('/reports/refunds', 'x-identity-token', await tokenWith({ acr }));

    expect(answer.status).toBe(status);
    if (status === 403) expect(answer.body).toMatchObject({ code: 'identity_token.assurance_too_low' });
  });

  it('stops the start of a service that requires what does not exist', async () => {
    @Controller()
    @RequireAuth({ leastAssurance: 'plattform' } as unknown as AuthRequirements)
    class WrongController {}
    const started = Test.createTestingModule({
      imports: [IdentityTokenModule.forRoot({ issuer: issuer.url, audience: 'shop' })],
      controllers: [WrongController],
    }).compile();

    await expect(started).rejects.toThrow(TypeError);
  });
});

describe('@IdentityCaller()', () => {
  it('finds nobody on a route that is not guarded, whatever was sent', async () => {
    expect(await get('/open', 'x-identity-token', await tokenWith())).toMatchObject({ status: 500 });
  });
});
