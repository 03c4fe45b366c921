import 'reflect-metadata';
import assert from 'node:assert/strict';
import { Controller, Get, Module, UseGuards } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { IdentityToken } from '@countersign/identity-token';
import {
  IdentityCaller,
  IdentityTokenGuard,
  IdentityTokenModule,
  RequireScopes,
} from '@countersign/identity-token/nest';
import { aKey, aTokenOf, TestIssuer } from '../test-issuer';

@Controller('orders')
@UseGuards(IdentityTokenGuard)
class OrdersController {
  @Get()
  list(@IdentityCaller() caller: IdentityToken): string {
    return caller.userId;
  }

  @Get('all')
  @RequireScopes('orders:all')
  listAll(): string {
    return 'all';
  }
}

@Module({})
class ServiceModule {}

/** What a Nest service does with the package. Fails unless it works. */
async function run(): Promise<void> {
  const issuer = new TestIssuer();
  const key = aKey('key-1');
  issuer.now = new Date();
  issuer.published = [key.jwk];
  await issuer.start();
  const app = await NestFactory.create<NestFastifyApplication>(
    {
      module: ServiceModule,
      imports: [IdentityTokenModule.forRoot({ issuer: issuer.url, audience: 'shop' })],
      controllers: [OrdersController],
    },
    new FastifyAdapter(),
    { logger: ['error'] },
  );
  await app.listen(0, '127.0.0.1');
  const get = async (path: string, headers: Record<string, string> = {}): Promise<[number, string]> => {
    const answer = await fetch(`${await app.getUrl()}${path}`, { headers });
    return [answer.status, await answer.text()];
  };
  const token = await aTokenOf(key, issuer.claims());

  assert.deepEqual(await get('/orders', { 'x-identity-token': token }), [200, 'user-1']);
  assert.equal((await get('/orders'))[0], 401);
  assert.equal((await get('/orders/all', { 'x-identity-token': token }))[0], 403);
  await app.close();
  await issuer.stop();
}

void run();
