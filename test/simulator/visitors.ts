import { Agent } from 'node:http';
import { EMBEDDED_DOMAIN } from '../support/embedded-wallets';
import { TestApp } from '../support/test-app';
import type { Replica } from './replica';
import type { Stage } from './stage';

export const SETTINGS = {
  rateLimits: { signIn: { limit: 10_000_000, window: 600 }, calls: { limit: 10_000_000, window: 600 } },
  loginWidget: { accept: true },
  teams: { accept: true },
  referrals: { mode: 'optional', levels: [0.1, 0.05] },
  rapidpace: { frontUrl: 'https://game.example.com/welcome' },
  metapro: { enabled: true },
  xellar: { enabled: true },
  wallets: { accept: true, createsAccounts: true },
  embeddedWallets: { enabled: true, domains: [EMBEDDED_DOMAIN] },
};

export const OF_CUSTODY = ['Xellar', 'a wallet of the service'];

const apps = new WeakMap<Replica, TestApp>();

/** A replica as the helpers of tests take it. */
export function appOf(stage: Stage, replica: Replica): TestApp {
  const known = apps.get(replica);
  if (known) return known;
  const app = Object.assign(Object.create(TestApp.prototype) as TestApp, {
    nest: replica.nest,
    clock: stage.clock,
    telegram: stage.telegram,
    connections: new Agent({ keepAlive: true }),
    gatewayServer: replica.servers.gateway,
    adminServer: replica.servers.admin,
    keys: '',
    catchUp: () => stage.settle(false),
  });
  apps.set(replica, app);
  return app;
}
