import type { Agent, Server } from 'node:http';
import request from 'supertest';

/** supertest, except that requests do not each open a connection. */
export function overKeptConnections(server: Server, agent: Agent): ReturnType<typeof request> {
  return new Proxy(request(server), {
    get: (methods, name: 'get') => (url: string) => methods[name](url).agent(agent),
  });
}
