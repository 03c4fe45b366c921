import { join } from 'node:path';

/** The launcher's own settings. The product reads and validates its environment itself. */
export class Settings {
  private constructor(
    readonly dataFolder: string,
    readonly host: string,
    readonly port: number,
    readonly gatewayPort: number,
    readonly hasDatabase: boolean,
    readonly hasKeys: boolean,
  ) {}

  static of(environment: NodeJS.ProcessEnv): Settings {
    const dataFolder = environment['COUNTERSIGN_DATA_DIR'];
    if (!dataFolder) throw new Error('COUNTERSIGN_DATA_DIR is not set: start with "npm start".');
    const port = portOf(environment, 'PORT', 3000);
    const gatewayPort = portOf(environment, 'GATEWAY_PORT', 3001);
    if (port === gatewayPort)
      throw new Error('PORT and GATEWAY_PORT are the same: set one of them to another port.');
    return new Settings(
      dataFolder,
      environment['HOST'] || '127.0.0.1',
      port,
      gatewayPort,
      Boolean(environment['DATABASE_URL'] || environment['DATABASE_URL_FILE']),
      Boolean(environment['KEYS_FILE'] || environment['KEYS']),
    );
  }

  file(name: string): string {
    return join(this.dataFolder, name);
  }

  get address(): string {
    return urlOf(this.host, this.port);
  }
}

export function urlOf(host: string, port: number): string {
  const here = { '0.0.0.0': '127.0.0.1', '::': '[::1]' }[host];
  return `http://${here ?? (/^[^[].*:/.test(host) ? `[${host}]` : host)}:${port}`;
}

function portOf(environment: NodeJS.ProcessEnv, name: string, fallback: number): number {
  const text = environment[name];
  if (!text) return fallback;
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw new Error(`${name} must be a port number from 1 to 65535.`);
}
